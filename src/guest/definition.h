/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A guest's definition as a text that is edited as a tree: pure, no connection, so that a plan can hold
 * what a definition will be before anything is written.
 */
#ifndef FERRY_GUEST_DEFINITION_H
#define FERRY_GUEST_DEFINITION_H

#include <stdbool.h>
#include <stddef.h>

#include "decode/pci_address.h"

struct arena;
struct error;

/*
 * The definition xml with a <hostdev managed='no'> for each of the addresses. Functions of one slot of
 * the host stay functions of one slot of the guest, those that are in it already included: on a free or
 * an added root port, or on a free slot of an i440fx guest. They keep their numbers, except that the
 * first becomes function 0 where that is not among them; function 0 has multifunction='on'. A single
 * one gets its address from libvirt. Pure: no connection.
 * -EEXIST: one of them is in it already (err names it); -EINVAL: xml is not a domain; -EOPNOTSUPP:
 * several functions of a slot in a guest that has no PCI bus; -ENOPKG: no libxml2.
 */
int guest_xml_with_hostdevs(const char *xml, const struct pci_address *addresses, size_t n,
			    struct arena *arena, const char **ret_xml, struct error *err);
/*
 * xml without the <hostdev> of those addresses (those that are not there are passed over), and without
 * PCI controllers that are empty now and were not in the definition before (xml_before NULL:
 * controllers stay). What stays in a guest's slot that has lost its function 0 moves to function 0:
 * without one a guest does not see the slot. Pure.
 */
int guest_xml_without_hostdevs(const char *xml, const char *xml_before,
			       const struct pci_address *addresses, size_t n, struct arena *arena,
			       const char **ret_xml, struct error *err);

/*
 * Whether two texts are the same definition, whatever order their <controller> elements have: libvirt
 * appends the controllers that it adds and sorts those that it reads, so that a definition which was
 * never read back comes out in another order when it is defined again. Pure; false where one is no XML.
 */
bool guest_xml_is_same(const char *a, const char *b, struct arena *arena);

#endif
