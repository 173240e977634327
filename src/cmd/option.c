// SPDX-License-Identifier: LGPL-2.1-or-later
/* The one table of options; see option.h for who reads it. */
#include "cmd/option.h"

#include <stddef.h>

const struct option_row option_table[OPTIONS] = {
	[OPTION_HELP] = {"help", 'h', NULL, NULL, "say how the command is used"},
	[OPTION_VERSION] = {"version", 'V', NULL, NULL, "say which ferry this is"},
	[OPTION_JSON] = {"json", 0, NULL, NULL, "print one JSON object"},
	[OPTION_VERBOSE] = {"verbose", 'v', NULL, NULL, "say more of what was read and done"},
	[OPTION_COLOR] = {"color", 0, "WHEN", "auto|always|never", "colour: auto, always or never"},
	[OPTION_FROM] = {"from", 0, "CAPTURE", NULL,
			 "read a captured machine: an archive, or the folder that holds sys/"},
	[OPTION_CONNECT] = {"connect", 'c', "URI", NULL, "the libvirt to talk to"},
	[OPTION_DRY_RUN] = {"dry-run", 'n', NULL, NULL, "show the plan and change nothing"},
	[OPTION_YES] = {"yes", 'y', NULL, NULL, "take what the plan names as lost; do not ask"},
	[OPTION_FORCE] = {"force", 'f', NULL, NULL, "go on where the message names this option"},
	[OPTION_LIVE] = {"live", 0, NULL, NULL, "the running guest only"},
	[OPTION_BOTH] = {"both", 0, NULL, NULL, "the running guest and its stored definition"},
	[OPTION_WHOLE_GROUP] = {"whole-group", 0, NULL, NULL, "assign every endpoint of the group"},
	[OPTION_TIMEOUT] = {"timeout", 0, "SECONDS", NULL, "how long a guest may take to stop"},
	[OPTION_NO_WAIT] = {"no-wait", 0, NULL, NULL,
			    "fail at once where another ferry is at work"},
	[OPTION_NO_GUESTS] = {"no-guests", 0, NULL, NULL,
			      "leave guests for later: libvirt is not asked"},
	[OPTION_NO_REVERT] = {"no-revert", 0, NULL, NULL,
			      "arm nothing that puts all back where nobody confirms"},
	[OPTION_REVERT] = {"revert", 0, "ID", NULL,
			   "for the timer: undo that transaction if nobody has confirmed it"},
	[OPTION_TREE] = {"tree", 0, NULL, NULL, "bridges, devices and what hangs under them"},
	[OPTION_GROUPS] = {"groups", 0, NULL, NULL, "by IOMMU group"},
	[OPTION_LIST] = {"list", 0, NULL, NULL, "one line a device"},
	[OPTION_LOSSES] = {"losses", 0, NULL, NULL, "also what the host would lose by each device"},
	[OPTION_SVG] = {"svg", 0, "FILE", NULL, "draw the board as SVG; - is standard output"},
	[OPTION_DOT] = {"dot", 0, "FILE", NULL,
			"write the board for Graphviz; - is standard output"},
	[OPTION_ANONYMOUS] = {"anonymous", 0, NULL, NULL,
			      "leave out serial numbers, MAC addresses and names of hosts"},
	[OPTION_LOG] = {"log", 0, "FILE", NULL,
			"read a saved kernel log or journal; - is standard input"},
	[OPTION_ALL] = {"all", 'a', NULL, NULL, "all groups"},
	[OPTION_KERNEL] = {"kernel", 0, "X.Y[.Z]", NULL, "by the rules of that Linux version"},
};
