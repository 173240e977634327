// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See picture.h: the drawing itself. Plain SVG 1.1 without a script or anything from elsewhere; a viewer
 * needs no font but its own. Widths of text are guessed, so names are cut with room to spare.
 */
#include "show/picture.h"

#include <string.h>

#include "analysis/fitness.h"
#include "base/arena.h"
#include "base/text.h"
#include "show/picture_layout.h"

struct paint {
	const char *fill, *line, *word;
};

static const struct paint paints[] = {
	[FITNESS_FREE] = {"#dcf2dc", "#2e7d32", "can go alone"},
	[FITNESS_WITH_MATES] = {"#e1ebfa", "#2f5fa8", "comes with others"},
	[FITNESS_LOSES] = {"#fdebc6", "#a86400", "the host loses something"},
	[FITNESS_NEVER] = {"#f9dada", "#b3261e", "never"},
};
static const struct paint bridge_paint = {"#eeeeee", "#777777", "a bridge"};

static const struct paint *paint_of(const struct survey *s, size_t device)
{
	struct fitness_of_device f;

	if (s->host->devices[device].header != PCI_HEADER_ENDPOINT)
		return &bridge_paint;
	fitness_judge(s->fitness, device, &f);
	return &paints[f.worst];
}

/* At most so many characters, in a form that XML takes. */
static const char *xml_text(struct arena *arena, const char *s, size_t most)
{
	const char *p = text_printable(arena, s);
	TEXT_AUTO struct text t = {0};
	size_t n = 0;

	for (; *p; p++) {
		bool begins = ((unsigned char)*p & 0xc0) != 0x80;

		if (begins && ++n > most) {
			text_add(&t, "\xe2\x80\xa6");
			break;
		}
		switch (*p) {
		case '&':
			text_add(&t, "&amp;");
			break;
		case '<':
			text_add(&t, "&lt;");
			break;
		case '>':
			text_add(&t, "&gt;");
			break;
		case '"':
			text_add(&t, "&quot;");
			break;
		default:
			text_add_bytes(&t, p, 1);
		}
	}
	return arena_strdup(arena, text_str(&t));
}

/* Disks, networks, screens: what people know a device by. */
static const char *leaves(struct arena *arena, const struct host *host, const struct pci_device *d)
{
	static const char *const kinds[] = {"block", "net", "drm",       "sound",
					    "input", "usb", "infiniband"};
	TEXT_AUTO struct text t = {0};
	size_t i, k;

	for (i = 0; i < d->n_nodes; i++) {
		const struct host_node *n = &host->nodes[d->first_node + i];
		bool is_part = n->parent >= 0 && !strcmp(host->nodes[n->parent].kind, "block");

		/* Interfaces of USB and partitions stand for what is above them. */
		if (is_part || strchr(n->name, ':') || text_has_prefix(n->name, "usb"))
			continue;
		for (k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
			if (!strcmp(n->kind, kinds[k]))
				text_addf(&t, "%s%s", t.len ? " " : "", n->name);
		}
	}
	return arena_strdup(arena, text_str(&t));
}

static void draw_edge(const struct picture_layout *l, const struct picture_box *b, FILE *out)
{
	const struct picture_box *above;

	if (b->above < 0)
		return;
	above = &l->boxes[b->above];
	fprintf(out, "<path class=\"e\" d=\"M%d %dV%dH%d\"/>\n", above->x + 9,
		above->y + above->height, b->y + b->height / 2, b->x);
}

static void draw_card(const struct survey *s, struct arena *arena, const struct picture_box *b,
		      FILE *out)
{
	const struct pci_device *d = &s->host->devices[b->device];
	const struct paint *paint = paint_of(s, b->device);
	const char *title = device_title(arena, d), *under = leaves(arena, s->host, d);
	size_t most = (size_t)(b->width - 100) / 7;
	struct fitness_of_device f;

	fprintf(out,
		"<g><title>%s %s</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		"rx=\"4\" fill=\"%s\" stroke=\"%s\"/>\n",
		d->name, xml_text(arena, title, 400), b->x, b->y, b->width, b->height, paint->fill,
		paint->line);
	fprintf(out, "<text x=\"%d\" y=\"%d\"><tspan class=\"a\">%s</tspan> %s</text>\n", b->x + 7,
		b->y + 16, d->name, xml_text(arena, title, most));
	if (d->header == PCI_HEADER_ENDPOINT) {
		fitness_judge(s->fitness, b->device, &f);
		fprintf(out, "<text class=\"s\" x=\"%d\" y=\"%d\">%s%s%s</text>\n", b->x + 7,
			b->y + 32, xml_text(arena, d->driver ? d->driver : "no driver", 30),
			*under ? " \xc2\xb7 " : "", xml_text(arena, under, most - 18));
		fprintf(out,
			"<text class=\"s\" x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"%s\">%s"
			"</text>\n",
			b->x + b->width - 7, b->y + 32, paint->line,
			f.is_known ? fitness_name(f.worst) : "not known");
	}
	fputs("</g>\n", out);
}

static void draw_region(const struct host *host, const struct picture_region *r, FILE *out)
{
	fprintf(out,
		"<rect class=\"g\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"7\"/>\n"
		"<text class=\"l\" x=\"%d\" y=\"%d\" text-anchor=\"end\">group %u</text>\n",
		r->x, r->y, r->width, r->height, r->x + r->width - 6, r->y - 3,
		host->groups[r->group].id);
}

static void draw_legend(const struct host *host, FILE *out)
{
	size_t i;
	int x = 16;

	fprintf(out, "<text class=\"t\" x=\"16\" y=\"24\">%zu devices, %zu IOMMU groups%s</text>\n",
		host->n_devices, host->n_groups,
		host->n_groups ? "" : ": each is judged by itself");
	for (i = 0; i < sizeof(paints) / sizeof(*paints); i++) {
		fprintf(out,
			"<rect x=\"%d\" y=\"34\" width=\"14\" height=\"14\" rx=\"3\" fill=\"%s\" "
			"stroke=\"%s\"/><text x=\"%d\" y=\"46\">%s</text>\n",
			x, paints[i].fill, paints[i].line, x + 20, paints[i].word);
		x += 40 + 7 * (int)strlen(paints[i].word);
	}
}

void show_picture_svg(const struct survey *s, FILE *out)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct picture_layout l;
	size_t i;

	picture_layout_make(s->host, arena, &l);
	if (l.width < 640)
		l.width = 640;
	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\">\n"
		"<style>text{font:12px sans-serif;fill:#222}.a{font-weight:bold}"
		".s{font-size:11px}.t{font-size:16px;font-weight:bold}"
		".l{font-size:10px;fill:#555}.e{fill:none;stroke:#999}"
		".g{fill:none;stroke:#555;stroke-width:1.5;stroke-dasharray:5 3}</style>\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
		l.width, l.height, l.width, l.height);
	draw_legend(s->host, out);
	for (i = 0; i < l.n_boxes; i++)
		draw_edge(&l, &l.boxes[i], out);
	for (i = 0; i < l.n_boxes; i++)
		draw_card(s, arena, &l.boxes[i], out);
	for (i = 0; i < l.n_regions; i++)
		draw_region(s->host, &l.regions[i], out);
	fputs("</svg>\n", out);
}

/* A text for Graphviz, in quotes. */
static const char *dot_text(struct arena *arena, const char *s)
{
	const char *p = text_printable(arena, s);
	TEXT_AUTO struct text t = {0};

	for (; *p; p++) {
		if (*p == '"' || *p == '\\')
			text_add(&t, "\\");
		text_add_bytes(&t, p, 1);
	}
	return arena_strdup(arena, text_str(&t));
}

static void dot_node(const struct survey *s, struct arena *arena, size_t device, FILE *out)
{
	const struct pci_device *d = &s->host->devices[device];
	const struct paint *paint = paint_of(s, device);
	const char *under = leaves(arena, s->host, d);

	fprintf(out, "\"%s\" [label=\"%s\\n%s\\n%s%s%s\\n%s\", fillcolor=\"%s\", color=\"%s\"];\n",
		d->name, d->name, dot_text(arena, device_title(arena, d)),
		dot_text(arena, d->driver ? d->driver : "no driver"), *under ? ": " : "",
		dot_text(arena, under), paint->word, paint->fill, paint->line);
}

void show_picture_dot(const struct survey *s, FILE *out)
{
	ARENA_AUTO struct arena *arena = arena_new();
	const struct host *host = s->host;
	size_t i, k;

	fputs("digraph board {\nrankdir=LR; compound=true;\n"
	      "node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\", fontsize=10];\n",
	      out);
	for (i = 0; i < host->n_groups; i++) {
		fprintf(out,
			"subgraph \"cluster_%u\" { label=\"group %u\"; style=\"rounded,dashed\"; "
			"fontname=\"sans-serif\"; fontsize=10;\n",
			host->groups[i].id, host->groups[i].id);
		for (k = 0; k < host->groups[i].n_devices; k++)
			dot_node(s, arena, host->groups[i].devices[k], out);
		fputs("}\n", out);
	}
	for (i = 0; i < host->n_devices; i++) {
		if (host->devices[i].group < 0)
			dot_node(s, arena, i, out);
	}
	for (i = 0; i < host->n_devices; i++) {
		if (host->devices[i].parent >= 0)
			fprintf(out, "\"%s\" -> \"%s\";\n",
				host->devices[host->devices[i].parent].name, host->devices[i].name);
	}
	fputs("}\n", out);
}
