/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The object "facts" of `check --json`: what a log or a machine says about its IOMMU, in fixed words. */
#ifndef FERRY_SHOW_FACTS_H
#define FERRY_SHOW_FACTS_H

struct json_object;
struct host_platform;
struct kernel_log_facts;

/* A new object; the caller puts it. */
struct json_object *show_facts_json(const struct kernel_log_facts *facts);
/* The IOMMUs at work: [{name, address, devices, features: [{id, name, value}]}]; the caller puts it. */
struct json_object *show_units_json(const struct host_platform *platform);

#endif
