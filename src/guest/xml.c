// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See xml.h. White space is kept as it stands and new elements are indented by hand, so that what a
 * person reads in a plan differs from the definition before only where something changes.
 */
#include "guest/xml.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/arena.h"
#include "base/library.h"
#include "base/text.h"

#define XML_FUNCTIONS(F)        \
	F(xmlAddChild)          \
	F(xmlAddNextSibling)    \
	F(xmlAddPrevSibling)    \
	F(xmlBufferContent)     \
	F(xmlBufferCreate)      \
	F(xmlBufferFree)        \
	F(xmlDocGetRootElement) \
	F(xmlFreeDoc)           \
	F(xmlFreeNode)          \
	F(xmlNewDocNode)        \
	F(xmlNewDocText)        \
	F(xmlNodeDump)          \
	F(xmlReadMemory)        \
	F(xmlSetProp)           \
	F(xmlUnlinkNode)        \
	F(xmlUnsetProp)

static struct {
#define F(name) __typeof__(name) *name;
	XML_FUNCTIONS(F)
#undef F
} api;

static const struct library_symbol symbols[] = {
#define F(name) {#name, (void **)&api.name},
	XML_FUNCTIONS(F)
#undef F
};

static int load(void)
{
	static bool is_loaded;
	/* The second since libxml2 2.14; what is used here is the same in both. */
	static const char *const names[] = {"libxml2.so.2", "libxml2.so.16"};
	int r = -ENOPKG;
	size_t i;

	if (is_loaded)
		return 0;
	for (i = 0; i < sizeof(names) / sizeof(*names) && r == -ENOPKG; i++)
		r = library_load(names[i], symbols, sizeof(symbols) / sizeof(*symbols));
	is_loaded = !r;
	return r;
}

static xmlNode *raw(const struct xml_node *node)
{
	return (xmlNode *)node;
}

static struct xml_node *cooked(xmlNode *node)
{
	return (struct xml_node *)node;
}

/* libxml2 gives NULL only where memory is out. */
static void *check(void *p)
{
	if (!p)
		abort();
	return p;
}

int xml_parse(const char *text, struct xml *ret)
{
	const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
	size_t len = strlen(text);
	xmlDoc *document;
	int r = load();

	if (r < 0)
		return r;
	if (len > INT_MAX)
		return -EINVAL;
	document = api.xmlReadMemory(text, (int)len, NULL, NULL, options);
	if (!document)
		return -EINVAL;
	if (document->intSubset || document->extSubset || !api.xmlDocGetRootElement(document)) {
		api.xmlFreeDoc(document);
		return -EINVAL;
	}
	ret->document = document;
	return 0;
}

void xml_clear(struct xml *x)
{
	if (x->document)
		api.xmlFreeDoc(x->document);
	x->document = NULL;
}

static bool is_element(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && !node->ns &&
	       (!name || !strcmp((const char *)node->name, name));
}

/* As libvirt escapes; white space that a parser would change in an attribute as numbers. */
static void write_escaped(struct text *t, const xmlChar *s, bool is_attribute)
{
	for (; s && *s; s++) {
		switch (*s) {
		case '&':
			text_add(t, "&amp;");
			break;
		case '<':
			text_add(t, "&lt;");
			break;
		case '>':
			text_add(t, "&gt;");
			break;
		case '\'':
			text_add(t, "&apos;");
			break;
		case '"':
			text_add(t, "&quot;");
			break;
		default:
			if (*s == '\r' || (is_attribute && (*s == '\n' || *s == '\t')))
				text_addf(t, "&#%d;", *s);
			else
				text_add_bytes(t, s, 1);
		}
	}
}

static void write_name(struct text *t, const xmlNs *ns, const xmlChar *name)
{
	if (ns && ns->prefix)
		text_addf(t, "%s:", (const char *)ns->prefix);
	text_add(t, (const char *)name);
}

static void write_start(struct text *t, const xmlNode *node)
{
	const xmlAttr *a;
	const xmlNs *ns;

	text_add(t, "<");
	write_name(t, node->ns, node->name);
	for (a = node->properties; a; a = a->next) {
		text_add(t, " ");
		write_name(t, a->ns, a->name);
		text_add(t, "='");
		write_escaped(t, a->children ? a->children->content : NULL, true);
		text_add(t, "'");
	}
	for (ns = node->nsDef; ns; ns = ns->next) {
		text_addf(t, " xmlns%s%s='", ns->prefix ? ":" : "",
			  ns->prefix ? (const char *)ns->prefix : "");
		write_escaped(t, ns->href, true);
		text_add(t, "'");
	}
	text_add(t, node->children ? ">" : "/>");
}

static void write_end(struct text *t, const xmlNode *node)
{
	text_add(t, "</");
	write_name(t, node->ns, node->name);
	text_add(t, ">");
}

/* What libvirt itself leaves to libxml2: comments and the like, and other programs' metadata. */
static void write_foreign(struct text *t, const xmlNode *node)
{
	xmlBuffer *buffer = check(api.xmlBufferCreate());

	if (api.xmlNodeDump(buffer, node->doc, (xmlNode *)node, 0, 0) < 0)
		abort();
	text_add(t, (const char *)api.xmlBufferContent(buffer));
	api.xmlBufferFree(buffer);
}

static bool is_foreign(const xmlNode *node)
{
	const xmlNode *parent = node->parent;

	if (node->type != XML_ELEMENT_NODE)
		return node->type != XML_TEXT_NODE;
	return parent->type == XML_ELEMENT_NODE && is_element(parent, "metadata");
}

/* Down, on, or up again: without recursion, whatever the depth. */
static void write_tree(struct text *t, const xmlNode *root)
{
	const xmlNode *node = root;

	for (;;) {
		if (is_foreign(node))
			write_foreign(t, node);
		else if (node->type == XML_TEXT_NODE)
			write_escaped(t, node->content, false);
		else
			write_start(t, node);
		if (node->type == XML_ELEMENT_NODE && node->children && !is_foreign(node)) {
			node = node->children;
			continue;
		}
		while (node != root && !node->next) {
			node = node->parent;
			write_end(t, node);
		}
		if (node == root)
			return;
		node = node->next;
	}
}

char *xml_write_element(const struct xml_node *node, struct arena *arena)
{
	TEXT_AUTO struct text t = {0};

	write_tree(&t, raw(node));
	return arena_memdup(arena, text_str(&t), t.len);
}

char *xml_write(const struct xml *x, struct arena *arena)
{
	TEXT_AUTO struct text t = {0};

	write_tree(&t, raw(xml_root(x)));
	text_add(&t, "\n");
	return arena_memdup(arena, text_str(&t), t.len);
}

struct xml_node *xml_root(const struct xml *x)
{
	return cooked(api.xmlDocGetRootElement(x->document));
}

const char *xml_name(const struct xml_node *node)
{
	return (const char *)raw(node)->name;
}

bool xml_is(const struct xml_node *node, const char *name)
{
	return is_element(raw(node), name);
}

static struct xml_node *first_from(xmlNode *node, const char *name)
{
	while (node && !is_element(node, name))
		node = node->next;
	return cooked(node);
}

struct xml_node *xml_child(const struct xml_node *node, const char *name)
{
	return node ? first_from(raw(node)->children, name) : NULL;
}

struct xml_node *xml_next(const struct xml_node *node, const char *name)
{
	return first_from(raw(node)->next, name);
}

const char *xml_attribute(const struct xml_node *node, const char *name)
{
	const xmlAttr *a;

	for (a = node ? raw(node)->properties : NULL; a; a = a->next) {
		if (a->ns || strcmp((const char *)a->name, name) != 0)
			continue;
		/* Without a document type a value is one text, or none where it is empty. */
		return a->children && a->children->content ? (const char *)a->children->content
							   : "";
	}
	return NULL;
}

bool xml_attribute_is(const struct xml_node *node, const char *name, const char *value)
{
	return text_equal(xml_attribute(node, name), value);
}

int xml_attribute_u32(const struct xml_node *node, const char *name, uint32_t max, uint32_t *ret)
{
	const char *s = xml_attribute(node, name);
	uint64_t value;
	int r;

	if (!s)
		return -ENOENT;
	r = text_parse_u64(s, text_has_prefix(s, "0x") ? 16 : 10, max, &value);
	if (r < 0)
		return r;
	*ret = (uint32_t)value;
	return 0;
}

char *xml_text(const struct xml_node *node, struct arena *arena)
{
	TEXT_AUTO struct text t = {0};
	const xmlNode *n;

	for (n = node ? raw(node)->children : NULL; n; n = n->next)
		if ((n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) && n->content)
			text_add(&t, (const char *)n->content);
	return arena_strdup(arena, text_str(&t));
}

void xml_set_attribute(struct xml_node *node, const char *name, const char *value)
{
	if (value)
		check(api.xmlSetProp(raw(node), BAD_CAST name, BAD_CAST value));
	else
		api.xmlUnsetProp(raw(node), BAD_CAST name);
}

void xml_set_attribute_hex(struct xml_node *node, const char *name, int digits, uint32_t value)
{
	char s[16];

	snprintf(s, sizeof(s), "0x%0*x", digits, value);
	xml_set_attribute(node, name, s);
}

static bool is_space(const xmlNode *node)
{
	return node && node->type == XML_TEXT_NODE && node->content &&
	       !node->content[strspn((const char *)node->content, " \t\r\n")];
}

/* The line break and indentation in front of an element. */
static const char *indentation(const xmlNode *node)
{
	return is_space(node->prev) ? (const char *)node->prev->content : "";
}

static xmlNode *new_text(xmlNode *near, const char *s)
{
	return check(api.xmlNewDocText(near->doc, BAD_CAST s));
}

static xmlNode *new_element(xmlNode *near, const char *name)
{
	return check(api.xmlNewDocNode(near->doc, NULL, BAD_CAST name, NULL));
}

struct xml_node *xml_add_after(struct xml_node *sibling, const char *name)
{
	xmlNode *node = new_element(raw(sibling), name);
	TEXT_AUTO struct text indent = {0};

	text_add(&indent, indentation(raw(sibling)));
	check(api.xmlAddNextSibling(raw(sibling), node));
	if (indent.len)
		check(api.xmlAddPrevSibling(node, new_text(node, text_str(&indent))));
	return cooked(node);
}

struct xml_node *xml_add_before(struct xml_node *sibling, const char *name)
{
	xmlNode *node = new_element(raw(sibling), name);
	TEXT_AUTO struct text indent = {0};

	text_add(&indent, indentation(raw(sibling)));
	check(api.xmlAddPrevSibling(raw(sibling), node));
	if (indent.len)
		check(api.xmlAddNextSibling(node, new_text(node, text_str(&indent))));
	return cooked(node);
}

static xmlNode *last_element(const xmlNode *parent)
{
	xmlNode *node = parent->last;

	while (node && node->type != XML_ELEMENT_NODE)
		node = node->prev;
	return node;
}

struct xml_node *xml_add_child(struct xml_node *parent, const char *name)
{
	xmlNode *last = last_element(raw(parent)), *node;
	TEXT_AUTO struct text indent = {0};

	if (last)
		return xml_add_after(cooked(last), name);
	text_add(&indent, indentation(raw(parent)));
	while (is_space(raw(parent)->last)) {
		xmlNode *space = raw(parent)->last;

		api.xmlUnlinkNode(space);
		api.xmlFreeNode(space);
	}
	node = new_element(raw(parent), name);
	check(api.xmlAddChild(raw(parent), node));
	if (indent.len) {
		check(api.xmlAddNextSibling(node, new_text(node, text_str(&indent))));
		text_add(&indent, "  ");
		check(api.xmlAddPrevSibling(node, new_text(node, text_str(&indent))));
	}
	return cooked(node);
}

void xml_remove(struct xml_node *node)
{
	xmlNode *space = raw(node)->prev;

	if (is_space(space)) {
		api.xmlUnlinkNode(space);
		api.xmlFreeNode(space);
	}
	api.xmlUnlinkNode(raw(node));
	api.xmlFreeNode(raw(node));
}
