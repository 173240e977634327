// SPDX-License-Identifier: LGPL-2.1-or-later
/* See pci_address.h. One scanner takes all forms: hex numbers between separators that are given. */
#include "decode/pci_address.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Reads a hex number of least to most digits; NULL where there are fewer or more. */
static const char *take_hex(const char *s, int least, int most, uint32_t *ret)
{
	uint32_t value = 0;
	int n = 0;

	while (isxdigit((unsigned char)*s)) {
		int c = tolower((unsigned char)*s++);

		if (++n > most)
			return NULL;
		value = value << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	if (n < least)
		return NULL;
	*ret = value;
	return s;
}

static const char *take_char(const char *s, const char *allowed)
{
	return s && *s && strchr(allowed, *s) ? s + 1 : NULL;
}

/* The part behind the domain: "BB:SS.F" with these separators, and nothing after it. */
static int parse_rest(const char *s, const char *separator, const char *last,
		      struct pci_address *ret)
{
	uint32_t bus, slot, function;

	s = take_hex(s, 2, 2, &bus);
	s = take_char(s, separator);
	s = s ? take_hex(s, 2, 2, &slot) : NULL;
	s = take_char(s, last);
	s = s ? take_hex(s, 1, 1, &function) : NULL;
	if (!s || *s || slot > 31 || function > 7)
		return -EINVAL;
	ret->bus = (uint8_t)bus;
	ret->slot = (uint8_t)slot;
	ret->function = (uint8_t)function;
	return 0;
}

static int parse(const char *s, const char *separator, const char *last, struct pci_address *ret)
{
	struct pci_address address = {0};
	const char *rest = take_hex(s, 4, 8, &address.domain);

	rest = take_char(rest, separator);
	if (!rest || parse_rest(rest, separator, last, &address))
		return -EINVAL;
	*ret = address;
	return 0;
}

int pci_address_parse(const char *s, struct pci_address *ret)
{
	return parse(s, ":", ".", ret);
}

int pci_address_parse_loose(const char *s, struct pci_address *ret)
{
	struct pci_address address = {0};

	if (text_has_prefix(s, "pci_"))
		return parse(s + 4, "_", "_", ret);
	if (!parse(s, ":", ".:", ret))
		return 0;
	if (parse_rest(s, ":", ".:", &address))
		return -EINVAL;
	*ret = address;
	return 0;
}

char *pci_address_format(const struct pci_address *a, char buffer[static PCI_ADDRESS_SIZE])
{
	snprintf(buffer, PCI_ADDRESS_SIZE, "%04x:%02x:%02x.%x", a->domain, a->bus, a->slot & 31U,
		 a->function & 7U);
	return buffer;
}

int pci_address_compare(const struct pci_address *a, const struct pci_address *b)
{
	if (a->domain != b->domain)
		return a->domain < b->domain ? -1 : 1;
	if (a->bus != b->bus)
		return a->bus - b->bus;
	if (a->slot != b->slot)
		return a->slot - b->slot;
	return a->function - b->function;
}
