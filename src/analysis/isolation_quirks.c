// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See isolation_quirks.h. The rows are facts of drivers/pci/quirks.c up to Linux 7.0, in its order; the
 * versions are those of the commits that brought them, mainline first, then the stable series that took
 * them over.
 */
#include "analysis/isolation_quirks.h"

#include <stddef.h>

#define INTEL      0x8086
#define AMD        0x1022
#define ATI        0x1002
#define SOLARFLARE 0x1924
#define BROADCOM   0x14e4
#define CAVIUM     0x177d
#define AMPERE     0x1def
#define LOONGSON   0x0014
#define ZHAOXIN    0x1d17
#define NXP        0x1957
#define WANGXUN    0x8088
#define QCOM       0x17cb

/* Stable releases that took a rule over. */
static const struct isolation_backport integrated[] = {
	{5, 7, 5}, {5, 4, 48}, {4, 19, 129}, {4, 14, 185}, {0}};
static const struct isolation_backport thunderx2[] = {
	{5, 4, 6}, {5, 3, 19}, {4, 19, 91}, {4, 14, 160}, {0}};
static const struct isolation_backport ampere[] = {{4, 14, 185}, {0}};
static const struct isolation_backport iproc[] = {{4, 19, 129}, {4, 14, 185}, {0}};
static const struct isolation_backport zhaoxin[] = {{5, 6, 9}, {5, 4, 37}, {0}};
static const struct isolation_backport zhaoxin_more[] = {{6, 7, 1},    {6, 6, 13},   {6, 1, 74},
							 {5, 15, 148}, {5, 10, 209}, {0}};
static const struct isolation_backport bcm57414[] = {{5, 12, 13},  {5, 10, 46},  {5, 4, 128},
						     {4, 19, 196}, {4, 14, 238}, {0}};
static const struct isolation_backport bcm5750x[] = {
	{5, 19, 4}, {5, 15, 63}, {5, 10, 138}, {5, 4, 211}, {4, 19, 256}, {4, 14, 291}, {0}};
static const struct isolation_backport bcm5760x[] = {{6, 6, 68},   {6, 1, 122}, {5, 15, 176},
						     {5, 10, 233}, {5, 4, 289}, {0}};
static const struct isolation_backport wangxun[] = {{6, 2, 4},    {6, 1, 17},  {5, 15, 100},
						    {5, 10, 173}, {5, 4, 235}, {0}};
static const struct isolation_backport wangxun_more[] = {
	{6, 12, 5}, {6, 6, 66}, {6, 1, 120}, {5, 15, 174}, {5, 10, 231}, {5, 4, 287}, {0}};
static const struct isolation_backport sa8775p[] = {{6, 11, 4},   {6, 6, 57},   {6, 1, 113},
						    {5, 15, 168}, {5, 10, 227}, {0}};
static const struct isolation_backport loongson[] = {{6, 15, 4},  {6, 12, 35},  {6, 6, 95},
						     {6, 1, 142}, {5, 15, 186}, {5, 10, 239},
						     {5, 4, 295}, {0}};
static const struct isolation_backport hamoa[] = {{6, 19, 6}, {6, 18, 16}, {0}};

/* clang-format off */
#define V(major, minor)            {major, minor, NULL}
#define B(major, minor, backports) {major, minor, backports}
/* A range is one argument here and two behind: so that ONE() can stand for it. */
#define ONE(id)                    id, id
#define RANGE(first, last)         first, last
#define EVERY                      0, ACS_RULE_ANY
#define CHIPSET_AMD                ACS_RULE_AMD_CHIPSET
#define ROW(vendor, ...)           {vendor, __VA_ARGS__}
#define PCH(range, name, since)    {INTEL, range, ACS_RULE_INTEL_CHIPSET, name " root port", since}
#define NIC(id, name, since)       {INTEL, ONE(id), ACS_RULE_ISOLATES, name, since}
/* clang-format on */

static const struct acs_rule rules[] = {
	ROW(ATI, ONE(0x4385), CHIPSET_AMD, "AMD SBx00 SMBus", V(3, 11)),
	ROW(ATI, ONE(0x439c), CHIPSET_AMD, "AMD SB7x0 IDE", V(3, 11)),
	ROW(ATI, ONE(0x4383), CHIPSET_AMD, "AMD SBx00 audio", V(3, 11)),
	ROW(ATI, ONE(0x439d), CHIPSET_AMD, "AMD SB7x0 LPC", V(3, 11)),
	ROW(ATI, ONE(0x4384), CHIPSET_AMD, "AMD SBx00 PCI bridge", V(3, 11)),
	ROW(ATI, ONE(0x4399), CHIPSET_AMD, "AMD SB7x0 OHCI2", V(3, 11)),
	ROW(AMD, ONE(0x780f), CHIPSET_AMD, "AMD FCH PCI bridge", V(3, 19)),
	ROW(AMD, ONE(0x7809), CHIPSET_AMD, "AMD FCH OHCI", V(3, 19)),
	ROW(SOLARFLARE, ONE(0x0903), ACS_RULE_ISOLATES, "Solarflare SFC9120", V(3, 18)),
	ROW(SOLARFLARE, ONE(0x0923), ACS_RULE_ISOLATES, "Solarflare SFC9140", V(3, 18)),
	ROW(SOLARFLARE, ONE(0x0a03), ACS_RULE_ISOLATES, "Solarflare SFC9220", V(4, 7)),
	NIC(0x10c6, "Intel 82598", V(3, 17)),
	NIC(0x10db, "Intel 82598", V(3, 17)),
	NIC(0x10dd, "Intel 82598", V(3, 17)),
	NIC(0x10e1, "Intel 82598", V(3, 17)),
	NIC(0x10f1, "Intel 82598", V(3, 17)),
	NIC(0x10f7, "Intel 82599", V(3, 17)),
	NIC(0x10f8, "Intel 82599", V(3, 17)),
	NIC(0x10f9, "Intel 82599", V(3, 17)),
	NIC(0x10fa, "Intel 82599", V(3, 17)),
	NIC(0x10fb, "Intel 82599", V(3, 17)),
	NIC(0x10fc, "Intel 82599", V(3, 17)),
	NIC(0x1507, "Intel 82599", V(3, 17)),
	NIC(0x1514, "Intel 82599", V(3, 17)),
	NIC(0x151c, "Intel 82599", V(3, 17)),
	NIC(0x1529, "Intel 82599", V(3, 17)),
	NIC(0x152a, "Intel 82599", V(3, 17)),
	NIC(0x154d, "Intel 82599", V(3, 17)),
	NIC(0x154f, "Intel 82599", V(3, 17)),
	NIC(0x1551, "Intel 82599", V(3, 17)),
	NIC(0x1558, "Intel 82599", V(3, 17)),
	NIC(0x1509, "Intel 82580", V(4, 0)),
	NIC(0x150e, "Intel 82580", V(4, 0)),
	NIC(0x150f, "Intel 82580", V(4, 0)),
	NIC(0x1510, "Intel 82580", V(4, 0)),
	NIC(0x1511, "Intel 82580", V(4, 0)),
	NIC(0x1516, "Intel 82580", V(4, 0)),
	NIC(0x1527, "Intel 82580", V(4, 0)),
	NIC(0x10c9, "Intel 82576", V(4, 0)),
	NIC(0x10e6, "Intel 82576", V(4, 0)),
	NIC(0x10e7, "Intel 82576", V(4, 0)),
	NIC(0x10e8, "Intel 82576", V(4, 0)),
	NIC(0x150a, "Intel 82576", V(4, 0)),
	NIC(0x150d, "Intel 82576", V(4, 0)),
	NIC(0x1518, "Intel 82576", V(4, 0)),
	NIC(0x1526, "Intel 82576", V(4, 0)),
	NIC(0x10a7, "Intel 82575", V(4, 0)),
	NIC(0x10a9, "Intel 82575", V(4, 0)),
	NIC(0x10d6, "Intel 82575", V(4, 0)),
	NIC(0x1521, "Intel I350", V(4, 0)),
	NIC(0x1522, "Intel I350", V(4, 0)),
	NIC(0x1523, "Intel I350", V(4, 0)),
	NIC(0x1524, "Intel I350", V(4, 0)),
	NIC(0x105e, "Intel 82571", V(4, 0)),
	NIC(0x105f, "Intel 82571", V(4, 0)),
	NIC(0x1060, "Intel 82571", V(4, 0)),
	NIC(0x10d9, "Intel 82571", V(4, 0)),
	NIC(0x15b7, "Intel I219", V(4, 7)),
	NIC(0x15b8, "Intel I219", V(4, 7)),
	ROW(INTEL, EVERY, ACS_RULE_INTEGRATED, "Intel root complex integrated endpoint",
	    B(5, 8, integrated)),
	ROW(QCOM, 0x0400, 0x0401, ACS_RULE_ISOLATES, "Qualcomm QDF2xxx root port", V(4, 11)),
	ROW(QCOM, ONE(0x0115), ACS_RULE_ISOLATES, "Qualcomm SA8775P root port", B(6, 12, sa8775p)),
	ROW(QCOM, ONE(0x0111), ACS_RULE_ISOLATES, "Qualcomm Hamoa root port", B(7, 0, hamoa)),
	ROW(QCOM, ONE(0x0120), ACS_RULE_ISOLATES, "Qualcomm Glymur root port", B(7, 0, hamoa)),
	ROW(0x1dbf, ONE(0x0401), ACS_RULE_ISOLATES, "HXT SD4800 root port", V(4, 17)),
	PCH(RANGE(0x3b42, 0x3b51), "Intel 5 series", V(3, 15)),
	PCH(RANGE(0x1c10, 0x1c1f), "Intel 6 series", V(3, 15)),
	PCH(RANGE(0x1e10, 0x1e1f), "Intel 7 series", V(3, 15)),
	PCH(RANGE(0x8c10, 0x8c1f), "Intel 8 series", V(3, 15)),
	PCH(RANGE(0x9c10, 0x9c1b), "Intel 8 series LP", V(3, 15)),
	PCH(RANGE(0x9c90, 0x9c9b), "Intel 9 series LP", V(3, 15)),
	PCH(ONE(0x1d10), "Intel C600/X79", V(3, 17)),
	PCH(ONE(0x1d12), "Intel C600/X79", V(3, 17)),
	PCH(ONE(0x1d14), "Intel C600/X79", V(3, 17)),
	PCH(ONE(0x1d16), "Intel C600/X79", V(3, 17)),
	PCH(ONE(0x1d18), "Intel C600/X79", V(3, 17)),
	PCH(ONE(0x1d1a), "Intel C600/X79", V(3, 17)),
	PCH(ONE(0x1d1c), "Intel C600/X79", V(3, 17)),
	PCH(ONE(0x1d1e), "Intel C600/X79", V(3, 17)),
	PCH(RANGE(0x8d10, 0x8d1e), "Intel C610/X99", V(3, 18)),
	PCH(ONE(0x8c90), "Intel 9 series", V(3, 18)),
	PCH(ONE(0x8c92), "Intel 9 series", V(3, 18)),
	PCH(ONE(0x8c94), "Intel 9 series", V(3, 18)),
	PCH(ONE(0x8c96), "Intel 9 series", V(3, 18)),
	PCH(ONE(0x8c98), "Intel 9 series", V(3, 18)),
	PCH(ONE(0x8c9a), "Intel 9 series", V(3, 18)),
	PCH(ONE(0x8c9c), "Intel 9 series", V(3, 18)),
	PCH(ONE(0x8c9e), "Intel 9 series", V(3, 18)),
	ROW(INTEL, 0xa110, 0xa11f, ACS_RULE_WIDE, "Intel 100 series root port", V(4, 7)),
	ROW(INTEL, 0xa167, 0xa16a, ACS_RULE_WIDE, "Intel 100 series root port", V(4, 7)),
	ROW(INTEL, 0xa290, 0xa29f, ACS_RULE_WIDE, "Intel 200 series root port", V(4, 11)),
	ROW(INTEL, 0xa2e7, 0xa2ee, ACS_RULE_WIDE, "Intel 200 series root port", V(4, 11)),
	ROW(INTEL, 0x9d10, 0x9d1b, ACS_RULE_WIDE, "Intel 100/200 series LP root port", V(4, 18)),
	ROW(0x19a2, ONE(0x0710), ACS_RULE_ISOLATES, "Emulex BE3-R", V(4, 2)),
	ROW(0x10df, ONE(0x0720), ACS_RULE_ISOLATES, "Emulex Skyhawk-R", V(4, 2)),
	ROW(CAVIUM, 0xa000, 0xa7ff, ACS_RULE_ROOT_PORT, "Cavium ThunderX root port", V(4, 6)),
	ROW(CAVIUM, ONE(0xaf84), ACS_RULE_ROOT_PORT, "Marvell ThunderX2 root port",
	    B(5, 5, thunderx2)),
	ROW(CAVIUM, ONE(0xb884), ACS_RULE_ROOT_PORT, "Marvell ThunderX3 root port",
	    B(5, 5, thunderx2)),
	ROW(CAVIUM, ONE(0xa026), ACS_RULE_ISOLATES, "Cavium ThunderX", V(5, 6)),
	ROW(CAVIUM, ONE(0xa059), ACS_RULE_ISOLATES, "Cavium ThunderX", V(5, 6)),
	ROW(CAVIUM, ONE(0xa060), ACS_RULE_ISOLATES, "Cavium ThunderX", V(5, 6)),
	ROW(0x10e8, ONE(0xe004), ACS_RULE_ISOLATES, "APM X-Gene root port", V(4, 14)),
	ROW(AMPERE, 0xe005, 0xe00c, ACS_RULE_ISOLATES, "Ampere root port", B(4, 17, ampere)),
	ROW(BROADCOM, ONE(0x16d7), ACS_RULE_ISOLATES, "Broadcom BCM57414", B(5, 13, bcm57414)),
	ROW(BROADCOM, 0x1750, 0x1752, ACS_RULE_ISOLATES, "Broadcom BCM5750x", B(6, 0, bcm5750x)),
	ROW(BROADCOM, 0x1760, 0x1763, ACS_RULE_ISOLATES, "Broadcom BCM5760x", B(6, 11, bcm5760x)),
	ROW(BROADCOM, ONE(0xd714), ACS_RULE_ISOLATES, "Broadcom iProc root port", B(5, 4, iproc)),
	ROW(LOONGSON, ONE(0x3c09), ACS_RULE_ISOLATES, "Loongson root port", B(6, 16, loongson)),
	ROW(LOONGSON, ONE(0x3c19), ACS_RULE_ISOLATES, "Loongson root port", B(6, 16, loongson)),
	ROW(LOONGSON, ONE(0x3c29), ACS_RULE_ISOLATES, "Loongson root port", B(6, 16, loongson)),
	ROW(LOONGSON, ONE(0x7a09), ACS_RULE_ISOLATES, "Loongson root port", B(6, 16, loongson)),
	ROW(LOONGSON, ONE(0x7a19), ACS_RULE_ISOLATES, "Loongson root port", B(6, 16, loongson)),
	ROW(LOONGSON, ONE(0x7a29), ACS_RULE_ISOLATES, "Loongson root port", B(6, 16, loongson)),
	ROW(LOONGSON, ONE(0x7a39), ACS_RULE_ISOLATES, "Loongson root port", B(6, 16, loongson)),
	ROW(LOONGSON, ONE(0x7a49), ACS_RULE_ISOLATES, "Loongson root port", B(6, 16, loongson)),
	ROW(LOONGSON, ONE(0x7a59), ACS_RULE_ISOLATES, "Loongson root port", B(6, 16, loongson)),
	ROW(LOONGSON, ONE(0x7a69), ACS_RULE_ISOLATES, "Loongson root port", B(6, 16, loongson)),
	ROW(0x1c36, ONE(0x0031), ACS_RULE_ROOT_PORT, "Amazon Annapurna Labs root port", V(5, 4)),
	ROW(ZHAOXIN, ONE(0x3038), ACS_RULE_ISOLATES, "Zhaoxin chipset", B(5, 7, zhaoxin)),
	ROW(ZHAOXIN, ONE(0x3104), ACS_RULE_ISOLATES, "Zhaoxin chipset", B(5, 7, zhaoxin)),
	ROW(ZHAOXIN, ONE(0x9083), ACS_RULE_ISOLATES, "Zhaoxin chipset", B(5, 7, zhaoxin)),
	ROW(NXP, 0x8d80, 0x8d83, ACS_RULE_ISOLATES, "NXP LX2 root port", V(5, 15)),
	ROW(NXP, 0x8da0, 0x8da1, ACS_RULE_ISOLATES, "NXP LX2 root port", V(5, 15)),
	ROW(NXP, 0x8d90, 0x8d93, ACS_RULE_ISOLATES, "NXP LX2 root port", V(5, 15)),
	ROW(NXP, 0x8db0, 0x8db1, ACS_RULE_ISOLATES, "NXP LX2 root port", V(5, 15)),
	ROW(NXP, 0x8d88, 0x8d8b, ACS_RULE_ISOLATES, "NXP LX2 root port", V(5, 15)),
	ROW(NXP, 0x8da8, 0x8da9, ACS_RULE_ISOLATES, "NXP LX2 root port", V(5, 15)),
	ROW(NXP, 0x8d98, 0x8d9b, ACS_RULE_ISOLATES, "NXP LX2 root port", V(5, 15)),
	ROW(NXP, 0x8db8, 0x8db9, ACS_RULE_ISOLATES, "NXP LX2 root port", V(5, 15)),
	ROW(ZHAOXIN, 0x0710, 0x071e, ACS_RULE_PORT, "Zhaoxin port", B(5, 7, zhaoxin)),
	ROW(ZHAOXIN, ONE(0x0721), ACS_RULE_PORT, "Zhaoxin port", B(5, 7, zhaoxin)),
	ROW(ZHAOXIN, 0x0723, 0x0732, ACS_RULE_PORT, "Zhaoxin port", B(5, 7, zhaoxin)),
	ROW(ZHAOXIN, 0x0733, 0x0752, ACS_RULE_PORT, "Zhaoxin port", B(6, 8, zhaoxin_more)),
	ROW(WANGXUN, 0x0100, 0x010f, ACS_RULE_ISOLATES, "Wangxun 1G NIC", B(6, 3, wangxun)),
	ROW(WANGXUN, ONE(0x1001), ACS_RULE_ISOLATES, "Wangxun 10G NIC", B(6, 3, wangxun)),
	ROW(WANGXUN, ONE(0x2001), ACS_RULE_ISOLATES, "Wangxun 10G NIC", B(6, 3, wangxun)),
	ROW(WANGXUN, ONE(0x5010), ACS_RULE_ISOLATES, "Wangxun FF5xxx NIC", B(6, 13, wangxun_more)),
	ROW(WANGXUN, ONE(0x5025), ACS_RULE_ISOLATES, "Wangxun FF5xxx NIC", B(6, 13, wangxun_more)),
	ROW(WANGXUN, ONE(0x5040), ACS_RULE_ISOLATES, "Wangxun FF5xxx NIC", B(6, 13, wangxun_more)),
	ROW(WANGXUN, ONE(0x5110), ACS_RULE_ISOLATES, "Wangxun FF5xxx NIC", B(6, 13, wangxun_more)),
	ROW(WANGXUN, ONE(0x5125), ACS_RULE_ISOLATES, "Wangxun FF5xxx NIC", B(6, 13, wangxun_more)),
	ROW(WANGXUN, ONE(0x5140), ACS_RULE_ISOLATES, "Wangxun FF5xxx NIC", B(6, 13, wangxun_more)),
	ROW(WANGXUN, EVERY, ACS_RULE_DOES_NOT, "Wangxun device that no rule names",
	    B(6, 3, wangxun)),
	ROW(ZHAOXIN, EVERY, ACS_RULE_PORT_NOT, "Zhaoxin port that no rule names", B(5, 7, zhaoxin)),
};

const struct acs_rule *acs_rule_next(const struct acs_rule *rule)
{
	const struct acs_rule *next = rule ? rule + 1 : rules;

	return next < rules + sizeof(rules) / sizeof(*rules) ? next : NULL;
}

bool acs_rule_matches(const struct acs_rule *rule, const struct isolation_kernel *kernel,
		      const struct pci_device *device)
{
	return device->vendor == rule->vendor && device->device >= rule->first &&
	       device->device <= rule->last && isolation_kernel_has(kernel, &rule->since);
}
