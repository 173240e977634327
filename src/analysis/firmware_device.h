/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which device of this machine a DMAR or IVRS means. Firmware names a device by the way to it, for bus
 * numbers below the first bridge are the kernel's to give.
 */
#ifndef FERRY_ANALYSIS_FIRMWARE_DEVICE_H
#define FERRY_ANALYSIS_FIRMWARE_DEVICE_H

#include "decode/dmar.h"
#include "host/host.h"

/*
 * From the function path[0] on that bus down through bridges to the last of path (VT-d 8.3.1). NULL: there
 * is none, which is common: firmware lists what a board could have. An IVRS device id is a path of one.
 */
const struct pci_device *firmware_device_find(const struct host *host, uint16_t segment,
					      uint8_t bus, const struct dmar_path *path,
					      size_t n_path);

#endif
