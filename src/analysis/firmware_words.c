// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See firmware_words.h. The words are those of the makers' manuals; setups differ from board to board, so
 * each names the switch itself too, which is what a search in the setup finds.
 */
#include "analysis/firmware_words.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct {
	const char *names[3]; /* any of them in the machine's name, in whatever case */
	const char *intel, *amd;
} makers[] = {
	{{"ASRock"},
	 "\"VT-d\" under Advanced, Chipset or North Bridge Configuration",
	 "\"IOMMU\" under Advanced, AMD CBS, NBIO Common Options, or North Bridge Configuration"},
	{{"ASUS"},
	 "\"VT-d\" under Advanced, System Agent (SA) Configuration",
	 "\"IOMMU\" under Advanced, AMD CBS, NBIO Common Options"},
	{{"Gigabyte"}, "\"VT-d\" under Chipset", "\"IOMMU\" under Settings, Miscellaneous"},
	{{"Micro-Star", "MSI"},
	 "\"Intel VT-D Tech\" under OC, CPU Features",
	 "\"IOMMU\" under Advanced, AMD CBS, NBIO Common Options"},
	{{"Dell", "Alienware"},
	 "\"VT for Direct I/O\" under Virtualization Support",
	 "\"IOMMU Support\" under Processor Settings or Virtualization Support"},
	{{"ProLiant", "HPE"},
	 "\"Intel VT-d\" under System Configuration, BIOS/Platform, Virtualization Options",
	 "\"AMD I/O Virtualization Technology\" under System Configuration, BIOS/Platform, "
	 "Virtualization Options"},
	{{"HP ", "Hewlett"},
	 "\"Virtualization Technology for Directed I/O (VTd)\" under Security or Advanced, System "
	 "Options",
	 "\"IOMMU\" or \"AMD IOMMU\" under Advanced, System Options"},
	{{"LENOVO"},
	 "\"Intel VT-d Feature\" under Security, Virtualization, or \"VT-d\" under Advanced, CPU Setup",
	 "\"IOMMU\" under Security, Virtualization, or Advanced, CPU Setup"},
	{{"Supermicro"},
	 "\"Intel VT for Directed I/O (VT-d)\" under Advanced, Chipset Configuration, North Bridge, IIO",
	 "\"IOMMU\" under Advanced, NB Configuration or North Bridge"},
	{{"Intel Corp", "NUC"}, "\"VT-d\" under Security, or Advanced, Devices", "\"IOMMU\""},
};

static const char general_intel[] =
	"\"VT-d\" or \"Intel Virtualization Technology for Directed I/O\", which is not \"VT-x\"";
static const char general_amd[] =
	"\"IOMMU\" or \"AMD-Vi\" under North Bridge, NBIO or AMD CBS, which is not \"SVM\"";
static const char general[] =
	"\"VT-d\" or \"Intel Virtualization Technology for Directed I/O\" on an Intel board; \"IOMMU\" "
	"under North Bridge, NBIO or AMD CBS on an AMD board, where \"SVM\" is another switch";

static bool is_of(const char *machine, const char *const names[3])
{
	for (size_t i = 0; i < 3 && names[i]; i++)
		if (strcasestr(machine, names[i]))
			return true;
	return false;
}

const char *firmware_words(const char *machine, enum firmware_maker maker)
{
	for (size_t i = 0; machine && maker && i < sizeof(makers) / sizeof(*makers); i++)
		if (is_of(machine, makers[i].names))
			return maker == FIRMWARE_INTEL ? makers[i].intel : makers[i].amd;
	return maker == FIRMWARE_INTEL ? general_intel
	       : maker == FIRMWARE_AMD ? general_amd
				       : general;
}
