// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the firmware says of itself and of its IOMMUs: the tables as bytes, DMI's names, Secure Boot. A
 * table that only root may read is there all the same, and that is the answer most people need.
 */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/platform_read.h"

#define TABLES      "firmware/acpi/tables"
#define SECURE_BOOT "firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

static void read_table(struct host_reader *r, const char *name, struct host_table *ret)
{
	char *data;
	int err = root_read(&r->sys, r->arena, arena_printf(r->scratch, TABLES "/%s", name), &data,
			    &ret->size);

	ret->path = arena_printf(r->arena, "/sys/" TABLES "/%s", name);
	ret->read = fact_from_code(err);
	if (!err)
		ret->data = data;
}

/* What makers leave in these fields who have nothing to say. */
static bool says_nothing(const char *s)
{
	static const char *const fillers[] = {"To be filled",
					      "To Be Filled",
					      "Default string",
					      "System manufacturer",
					      "System Product Name",
					      "Not Specified",
					      "Not Applicable",
					      "None",
					      "O.E.M"};
	size_t i;

	for (i = 0; i < sizeof(fillers) / sizeof(*fillers); i++)
		if (text_has_prefix(s, fillers[i]))
			return true;
	return !*s;
}

static const char *read_dmi(struct host_reader *r, const char *name)
{
	char buffer[256];

	if (root_read_attribute(&r->sys, arena_printf(r->scratch, "class/dmi/id/%s", name), buffer,
				sizeof(buffer), NULL) ||
	    says_nothing(text_trim_end(buffer)))
		return NULL;
	return arena_strdup(r->scratch, buffer);
}

/* System and board, each word of them once: "ASUSTeK COMPUTER INC. Z9PE-D16". */
static void read_machine(struct host_reader *r, struct host_firmware *ret)
{
	static const char *const names[] = {"sys_vendor", "product_name", "board_vendor",
					    "board_name"};
	TEXT_AUTO struct text t = {0};
	const char *value, *date;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		value = read_dmi(r, names[i]);
		if (value && !strstr(text_str(&t), value))
			text_addf(&t, "%s%s", t.len ? " " : "", value);
	}
	if (t.len)
		ret->machine = arena_strdup(r->arena, text_str(&t));
	value = read_dmi(r, "bios_version");
	date = read_dmi(r, "bios_date");
	if (value)
		ret->version = arena_printf(r->arena, "%s%s%s%s", value, date ? " (" : "",
					    date ? date : "", date ? ")" : "");
}

/* Four bytes of attributes, then the value (UEFI 2.10, 3.3). */
static void read_secure_boot(struct host_reader *r, struct host_firmware *ret)
{
	char buffer[16];
	size_t len = 0;
	int err = root_read_attribute(&r->sys, SECURE_BOOT, buffer, sizeof(buffer), &len);

	ret->secure_boot = fact_from_code(err);
	if (!err && len != 5)
		ret->secure_boot = FACT_UNREADABLE;
	else if (!err)
		ret->is_secure_boot = buffer[4] == 1;
}

/* "none [integrity] confidentiality" */
static void read_lockdown(struct host_reader *r, struct host_firmware *ret)
{
	char buffer[128], *begin, *end;

	if (root_read_attribute(&r->sys, "kernel/security/lockdown", buffer, sizeof(buffer), NULL))
		return;
	begin = strchr(buffer, '[');
	end = begin ? strchr(begin, ']') : NULL;
	if (end)
		ret->lockdown = arena_memdup(r->arena, begin + 1, (size_t)(end - begin - 1));
}

static void read_hypervisor(struct host_reader *r, struct host_firmware *ret)
{
	char buffer[128];

	if (root_read_attribute(&r->sys, "hypervisor/type", buffer, sizeof(buffer), NULL))
		return;
	ret->hypervisor = arena_strdup(r->arena, text_trim_end(buffer));
	ret->is_xen_dom0 = !root_read_attribute(r->root, "proc/xen/capabilities", buffer,
						sizeof(buffer), NULL) &&
			   strstr(buffer, "control_d");
}

/* "iommu@5000000", "smmu@2b400000" below the device tree's root or its bus "soc". */
static bool has_smmu_node(struct host_reader *r)
{
	static const char *const folders[] = {"firmware/devicetree/base",
					      "firmware/devicetree/base/soc",
					      "firmware/devicetree/base/soc@0"};
	char **names;
	size_t n, i, k;

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		if (root_names(&r->sys, r->scratch, folders[i], &names, &n))
			continue;
		for (k = 0; k < n; k++)
			if (text_has_prefix(names[k], "iommu@") ||
			    text_has_prefix(names[k], "smmu@"))
				return true;
	}
	return false;
}

void platform_read_firmware(struct host_reader *r, struct host_firmware *ret)
{
	char **names;
	size_t n;

	*ret = (struct host_firmware){0};
	ret->tables_read = fact_from_code(root_names(&r->sys, r->scratch, TABLES, &names, &n));
	/* A captured folder that holds none at all was not captured. */
	if (ret->tables_read == FACT_READ && !n)
		ret->tables_read = FACT_ABSENT;
	read_table(r, "DMAR", &ret->dmar);
	read_table(r, "IVRS", &ret->ivrs);
	ret->has_iort = !root_exists(&r->sys, TABLES "/IORT");
	ret->has_smmu_node = has_smmu_node(r);
	read_machine(r, ret);
	read_secure_boot(r, ret);
	read_lockdown(r, ret);
	read_hypervisor(r, ret);
}
