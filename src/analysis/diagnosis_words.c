// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See diagnosis_words.h. The words of a message are runs of letters and digits. What varies from machine
 * to machine (numbers, addresses, paths) stays in the list but may be skipped; the nodes of VFIO are
 * words of their own, because their names say which step failed.
 */
#include "analysis/diagnosis_words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_word_byte(char c)
{
	return isalnum((unsigned char)c) && (unsigned char)c < 0x80;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_xdigit(char c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static void add_word(struct words *w, const char *s, size_t len, size_t offset, bool is_skippable)
{
	struct word *word;
	size_t i;

	if (w->n_letters + len > w->letters_capacity) {
		w->letters_capacity = (w->n_letters + len) * 2 + 256;
		w->letters = realloc(w->letters, w->letters_capacity);
	}
	if (w->n == w->capacity) {
		w->capacity = w->capacity * 2 + 64;
		w->list = realloc(w->list, w->capacity * sizeof(*w->list));
	}
	if (!w->letters || !w->list)
		abort();
	word = &w->list[w->n++];
	*word = (struct word){
		.start = (uint32_t)w->n_letters,
		.length = (uint32_t)len,
		.offset = (uint32_t)offset,
		.is_skippable = is_skippable,
	};
	for (i = 0; i < len; i++)
		w->letters[w->n_letters + i] = (char)tolower((unsigned char)s[i]);
	w->n_letters += len;
}

/* "65535ms", "0x50", "fed90000", "ffff": what differs from one machine or moment to the next. */
static bool is_number(const char *s, size_t len)
{
	bool has_digit = false, is_all_f = len >= 2;
	size_t i;

	if (is_digit(s[0]))
		return true;
	for (i = 0; i < len; i++) {
		if (!is_xdigit(s[i]))
			return false;
		has_digit |= is_digit(s[i]);
		is_all_f &= (s[i] | 0x20) == 'f';
	}
	return is_all_f || (has_digit && len >= 4);
}

/* The length of exactly n hex digits, "0x" in front allowed, at s; 0: none. */
static size_t hex_length(const char *s, size_t len, size_t least, size_t most, uint32_t *ret)
{
	size_t i = len > 2 && s[0] == '0' && s[1] == 'x' ? 2 : 0, start = i;
	uint32_t value = 0;

	for (; i < len && is_xdigit(s[i]) && i - start <= most; i++)
		value = value << 4 |
			(uint32_t)(is_digit(s[i]) ? s[i] - '0' : (s[i] | 0x20) - 'a' + 10);
	if (i - start < least || i - start > most)
		return 0;
	*ret = value;
	return i;
}

/* "0000:01:00.0", "01:00.0", "0x00:0x02.0": its length, 0 where there is none at s. */
static size_t device_length(const char *s, size_t len, struct pci_address *ret)
{
	uint32_t part[3];
	size_t at = 0, n, count = 0;

	while (count < 3) {
		n = hex_length(s + at, len - at, count ? 2 : 2, count ? 2 : 8, &part[count]);
		if (!n)
			return 0;
		at += n;
		count++;
		if (at < len && s[at] == '.')
			break;
		if (at >= len || s[at] != ':')
			return 0;
		at++;
	}
	if (count < 2 || at + 1 >= len || s[at] != '.' || s[at + 1] < '0' || s[at + 1] > '7' ||
	    (at + 2 < len && is_word_byte(s[at + 2])) || part[count - 1] > 31 ||
	    part[count - 2] > 255)
		return 0;
	*ret = (struct pci_address){
		.domain = count == 3 ? part[0] : 0,
		.bus = (uint8_t)part[count - 2],
		.slot = (uint8_t)part[count - 1],
		.function = (uint8_t)(s[at + 1] - '0'),
	};
	return at + 2;
}

static void note_device(struct words *w, const struct pci_address *device, size_t offset,
			size_t len)
{
	if (w->has_device)
		return;
	w->device = *device;
	w->device_offset = offset;
	w->device_length = len;
	w->has_device = true;
}

static void note_group(struct words *w, const char *s, size_t len)
{
	int64_t group = 0;
	size_t i;

	if (w->group >= 0 || !len || len > 9)
		return;
	for (i = 0; i < len; i++) {
		if (!is_digit(s[i]))
			return;
		group = group * 10 + (s[i] - '0');
	}
	w->group = group;
}

/* Ends at white space, a quotation mark or a closing bracket; what punctuates the sentence is not in it. */
static size_t path_length(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && !strchr(" \t\r\n\"'`)]}>,;\\", s[n]) && (unsigned char)s[n] < 0x80)
		n++;
	while (n > 1 && strchr(":.", s[n - 1]))
		n--;
	return n;
}

static bool starts(const char *s, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len >= n && !memcmp(s, with, n);
}

static void words_of(struct words *w, const char *s, size_t from, size_t to, bool is_skippable);

static void path_words(struct words *w, const char *s, size_t from, size_t len)
{
	static const char cdev[] = "/dev/vfio/devices/", group[] = "/dev/vfio/";
	const char *path = s + from;
	struct pci_address device;
	size_t i, n, last = 0;

	for (i = 0; i + 1 < len; i++) {
		if (path[i] != '/')
			continue;
		last = i + 1;
		n = device_length(path + last, len - last, &device);
		if (n)
			note_device(w, &device, from + last, n);
	}
	if (starts(path, len, cdev)) {
		add_word(w, "/dev/vfio/devices/n", 19, from, false);
	} else if (starts(path, len, "/dev/vfio/vfio")) {
		add_word(w, "/dev/vfio/vfio", 14, from, false);
	} else if (starts(path, len, group)) {
		add_word(w, "/dev/vfio/n", 11, from, false);
		note_group(w, path + sizeof(group) - 1, len - sizeof(group) + 1);
	} else if (starts(path, len, "/dev/iommu")) {
		add_word(w, "/dev/iommu", 10, from, false);
	} else {
		words_of(w, s, from + last, from + len, true);
	}
}

static bool is_word(const struct words *w, size_t i, const char *what)
{
	const struct word *word = &w->list[i];

	return word->length == strlen(what) &&
	       !memcmp(w->letters + word->start, what, word->length);
}

static void words_of(struct words *w, const char *s, size_t from, size_t to, bool is_skippable)
{
	struct pci_address device;
	size_t i = from, n;

	while (i < to) {
		bool is_start = i == from || !is_word_byte(s[i - 1]);

		if (is_start && s[i] == '/' && i + 1 < to && is_word_byte(s[i + 1])) {
			n = path_length(s + i, to - i);
			path_words(w, s, i, n);
			i += n;
			continue;
		}
		if (!is_word_byte(s[i])) {
			i++;
			continue;
		}
		n = is_xdigit(s[i]) ? device_length(s + i, to - i, &device) : 0;
		if (n) {
			note_device(w, &device, i, n);
			i += n;
			continue;
		}
		for (n = 1; i + n < to && is_word_byte(s[i + n]);)
			n++;
		if (w->n && (is_word(w, w->n - 1, "group") || is_word(w, w->n - 1, "groups")))
			note_group(w, s + i, n);
		add_word(w, s + i, n, i, is_skippable || is_number(s + i, n));
		i += n;
	}
}

void words_read(struct words *w, const char *s, size_t len)
{
	w->n = 0;
	w->n_letters = 0;
	w->has_device = false;
	w->group = -1;
	words_of(w, s, 0, len, false);
}

void words_free(struct words *w)
{
	free(w->letters);
	free(w->list);
	*w = (struct words){0};
}
