// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Bytes to logical lines. One window of fixed size holds what is being looked at; whatever the pieces
 * that come in, the lines are taken from it in the same places. A line that the next one continues (a
 * mail's wrapping, a quoted-printable soft break) is joined with it before anybody looks at it; all
 * others are looked at where they stand. The speed of the whole lies in the walk below: each byte is
 * touched once by memchr() and about every third by the search for the wordings.
 */
#include "decode/kernel_log.h"

#include <stdlib.h>
#include <string.h>

#include "decode/kernel_log_state.h"

#define WINDOW (256 * 1024)
/* No kernel and no mail writes longer ones: what is behind is passed over, up to the line's end. */
#define LINE_MOST (32 * 1024)
/* Of one message in all its pieces. */
#define JOINED_MOST (16 * 1024)

/* Lines: some hundred boots of a small machine, the whole journal of most. */
#define SMALL_LOG 20000

struct kernel_log {
	struct log_state state;
	struct text joined;
	size_t lines; /* read so far */
	size_t filled;
	bool passing; /* over the rest of a line that is too long */
	char window[WINDOW];
};

struct kernel_log *kernel_log_new(void)
{
	struct kernel_log *log = calloc(1, sizeof(*log));

	if (!log)
		abort();
	log_state_init(&log->state);
	return log;
}

void kernel_log_free(struct kernel_log *log)
{
	if (!log)
		return;
	log_state_clear(&log->state);
	text_clear(&log->joined);
	free(log);
}

void kernel_log_freep(struct kernel_log **log)
{
	kernel_log_free(*log);
}

/* One physical line of the window, without its "\n". */
struct piece {
	const char *s;
	size_t len, size; /* size: with what ends it */
};

/* False: the line does not end in the window yet. */
static inline bool piece_at(const struct kernel_log *log, size_t at, bool final, struct piece *ret)
{
	size_t left = log->filled - at;
	const char *s = log->window + at, *end;

	end = left ? memchr(s, '\n', left) : NULL;
	if (!end && (!final || !left))
		return false;
	ret->s = s;
	ret->len = end ? (size_t)(end - s) : left;
	ret->size = ret->len + (end ? 1 : 0);
	return true;
}

/* How p goes on in next: not at all, as the same word (soft break), or as the next word. */
enum join { JOIN_NOT, JOIN_WORD, JOIN_BLANK };

static inline enum join join_kind(const struct piece *p, const struct piece *next)
{
	/* Nearly all lines of nearly all logs: two stamps, and no '=' at the end. */
	if (p->len && next->len && p->s[0] == '[' && next->s[0] == '[' && p->s[p->len - 1] != '=' &&
	    p->s[p->len - 1] != '\r')
		return JOIN_NOT;
	if (next->len > LINE_MOST)
		return JOIN_NOT;
	if (kernel_line_is_soft_broken(p->s, p->len)) {
		struct kernel_line_prefix prefix;

		kernel_line_prefix_read(next->s, next->len, &prefix);
		return prefix.stamped ? JOIN_NOT : JOIN_WORD;
	}
	return kernel_line_continues(p->s, p->len, next->s, next->len) ? JOIN_BLANK : JOIN_NOT;
}

/*
 * What follows p, which begins at "at", and whether it belongs to it. next.size is 0 where nothing whole
 * follows. False: that can't be told before more is in the window.
 */
static inline bool next_join(const struct kernel_log *log, size_t at, bool final,
			     const struct piece *p, struct piece *next, enum join *ret)
{
	*ret = JOIN_NOT;
	if (piece_at(log, at + p->size, final, next)) {
		*ret = join_kind(p, next);
		return true;
	}
	*next = (struct piece){0};
	/* A line this long is no continuation. */
	return final || log->filled - at - p->size > LINE_MOST;
}

/* Adds a piece without its line end, a soft break's '=' and, where it is no first one, quotation marks. */
static void join_piece(struct kernel_log *log, const struct piece *p, enum join from_last,
		       enum join to_next)
{
	size_t len = p->len, begin = 0;
	struct kernel_line_prefix prefix;

	len -= len && p->s[len - 1] == '\r';
	if (to_next == JOIN_WORD)
		len--;
	if (from_last == JOIN_WORD) {
		/* Behind a soft break a blank is part of the text. */
		begin = kernel_line_quote(p->s, len);
	} else if (from_last == JOIN_BLANK) {
		kernel_line_prefix_read(p->s, len, &prefix);
		begin = prefix.message;
	}
	if (log->state.quoted_printable)
		kernel_line_add_decoded(&log->joined, p->s + begin, len - begin);
	else
		text_add_bytes(&log->joined, p->s + begin, len - begin);
	if (to_next == JOIN_BLANK)
		text_add_bytes(&log->joined, " ", 1);
}

/*
 * The message that begins at "at" and goes on in the next line. Gives the size of all its pieces, 0
 * where its end is not in the window yet.
 */
static size_t read_joined(struct kernel_log *log, size_t at, bool final)
{
	struct piece p, next;
	enum join join = JOIN_NOT, last;
	size_t begin = at, pieces = 0;
	bool soft = false;

	if (!piece_at(log, at, final, &p))
		return 0;
	log->joined.len = 0;
	do {
		last = join;
		if (!next_join(log, at, final, &p, &next, &join))
			return 0;
		if (at - begin > JOINED_MOST)
			join = JOIN_NOT;
		soft |= join == JOIN_WORD;
		log->state.quoted_printable |= soft;
		join_piece(log, &p, last, join);
		pieces++;
		at += p.size;
		p = next;
	} while (join != JOIN_NOT);
	log_messages_read(&log->state, text_str(&log->joined), log->joined.len, log->lines + 1);
	/* A new boot is no new mail. */
	log->state.quoted_printable |= soft;
	log->lines += pieces;
	return at - begin;
}

static void read_run(struct kernel_log *log, size_t begin, size_t end, size_t lines)
{
	if (end > begin)
		log_messages_read(&log->state, log->window + begin, end - begin, log->lines + 1);
	log->lines += lines;
}

static inline bool is_digit_ended(const struct piece *p)
{
	return p->len && p->s[p->len - 1] >= '0' && p->s[p->len - 1] <= '9';
}

/*
 * The lines from "at" on that stand for themselves, up to one that must be joined or decoded first. Gives
 * their size.
 */
static size_t read_plain(struct kernel_log *log, size_t at, bool final)
{
	struct piece p, next;
	enum join join = JOIN_NOT;
	size_t begin = at, run = at, run_lines = 0;
	bool more = piece_at(log, at, final, &p);

	while (more && next_join(log, at, final, &p, &next, &join) && join == JOIN_NOT) {
		if (is_digit_ended(&p) && log_is_group(p.s, p.len)) {
			read_run(log, run, at, run_lines);
			log_group_read(&log->state, p.s, p.len, ++log->lines);
			run = at + p.size;
			run_lines = 0;
		} else {
			run_lines++;
		}
		at += p.size;
		more = next.size > 0;
		p = next;
	}
	read_run(log, run, at, run_lines);
	return at - begin;
}

/* The rest of a line that is too long; gives how much of the window it takes. */
static size_t pass_over(struct kernel_log *log)
{
	const char *end = memchr(log->window, '\n', log->filled);

	log->passing = !end;
	return end ? (size_t)(end - log->window) + 1 : log->filled;
}

/* A line that fills what is left of the window: its beginning is read, the rest passed over. */
static size_t read_cut(struct kernel_log *log, size_t at)
{
	log_messages_read(&log->state, log->window + at, LINE_MOST, ++log->lines);
	log->passing = true;
	return log->filled - at;
}

static void read_window(struct kernel_log *log, bool final)
{
	size_t at = log->passing ? pass_over(log) : 0, n, lines;

	/* Only the last boot counts; in a small log all are read for the sake of an exact count. */
	if (log->lines > SMALL_LOG) {
		at += log_skip_boots(&log->state, log->window + at, log->filled - at, &lines);
		log->lines += lines;
	}
	do {
		size_t plain = log->state.quoted_printable ? 0 : read_plain(log, at, final);
		size_t joined = read_joined(log, at + plain, final);

		n = plain + joined;
		at += n;
	} while (n);
	if (!final && log->filled - at > WINDOW / 2)
		at += read_cut(log, at);
	log->filled -= at;
	memmove(log->window, log->window + at, log->filled);
}

void *kernel_log_space(struct kernel_log *log, size_t *ret_size)
{
	*ret_size = WINDOW - log->filled;
	return log->window + log->filled;
}

void kernel_log_written(struct kernel_log *log, size_t len)
{
	log->filled += len;
	if (log->filled == WINDOW)
		read_window(log, false);
}

void kernel_log_feed(struct kernel_log *log, const void *data, size_t len)
{
	const char *s = data;

	while (len) {
		size_t room, n;
		void *to = kernel_log_space(log, &room);

		n = len < room ? len : room;
		memcpy(to, s, n);
		kernel_log_written(log, n);
		s += n;
		len -= n;
	}
}

void kernel_log_finish(struct kernel_log *log, struct arena *a, struct kernel_log_facts *ret)
{
	read_window(log, true);
	log_conclude(&log->state, a, ret);
	ret->lines = log->lines;
}
