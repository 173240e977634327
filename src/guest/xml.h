/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Guests' definitions as trees. The only file that knows libxml2, which is loaded when first used. A
 * definition is libvirt's, but parts of it are anybody's: a document type is refused, so that there are
 * no entities to expand, nothing is fetched, and libxml2's limits on depth and size stay on.
 */
#ifndef FERRY_GUEST_XML_H
#define FERRY_GUEST_XML_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct xml_node; /* an element; lives as long as its document */

struct xml {
	void *document;
};

/* -EINVAL: not well-formed, not UTF-8, or with a document type; -ENOPKG, -ENOSYS: no libxml2. */
int xml_parse(const char *text, struct xml *ret);
void xml_clear(struct xml *x);
#define XML_AUTO __attribute__((cleanup(xml_clear)))

/*
 * The whole document as libvirt writes it, to the byte (single quotes, no XML declaration, a newline at
 * the end): what was read from libvirt and not edited is written as it was.
 */
char *xml_write(const struct xml *x, struct arena *arena);

/* One element and what is in it. */
char *xml_write_element(const struct xml_node *node, struct arena *arena);

struct xml_node *xml_root(const struct xml *x);
/* Elements have no namespace here; those that have one (qemu:commandline) are passed over. */
bool xml_is(const struct xml_node *node, const char *name);
/* The first child element, and the next sibling, of that name (NULL: of any); NULL: none. */
struct xml_node *xml_child(const struct xml_node *node, const char *name);
struct xml_node *xml_next(const struct xml_node *node, const char *name);
const char *xml_name(const struct xml_node *node);

/* NULL: no such attribute. Valid until the attribute is set again. */
const char *xml_attribute(const struct xml_node *node, const char *name);
bool xml_attribute_is(const struct xml_node *node, const char *name, const char *value);
/* As libvirt writes numbers: decimal, or with 0x in front. -ENOENT, -EINVAL, -ERANGE. */
int xml_attribute_u32(const struct xml_node *node, const char *name, uint32_t max, uint32_t *ret);
/* The text of an element that holds only text. */
char *xml_text(const struct xml_node *node, struct arena *arena);

/* value NULL: takes the attribute away. */
void xml_set_attribute(struct xml_node *node, const char *name, const char *value);
void xml_set_attribute_hex(struct xml_node *node, const char *name, int digits, uint32_t value);
/* New elements, indented as their neighbours are: as the last child, or before or after a sibling. */
struct xml_node *xml_add_child(struct xml_node *parent, const char *name);
struct xml_node *xml_add_before(struct xml_node *sibling, const char *name);
struct xml_node *xml_add_after(struct xml_node *sibling, const char *name);
/* Takes the element out, with the white space before it. */
void xml_remove(struct xml_node *node);

#endif
