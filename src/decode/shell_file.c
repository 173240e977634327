// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See shell_file.h. A shell's grammar as far as it decides where an assignment ends and whether it is
 * carried out: quoting, substitutions, here-documents, compound commands. Nesting is kept on stacks of
 * our own, never on the C stack: the file may be anybody's.
 */
#include "decode/shell_file.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "decode/shell_scan.h"

enum block_kind { BLOCK_IF, BLOCK_LOOP, BLOCK_CASE, BLOCK_BRACE, BLOCK_SUBSHELL };
enum case_state { CASE_WORD, CASE_PATTERN, CASE_BODY };

struct block {
	enum block_kind kind;
	enum case_state state;
	size_t line;
	bool is_function;
	const char *condition; /* the list's where it stands */
};

struct heredoc {
	char *delimiter;
	bool strips_tabs;
};

struct parser {
	struct shell_scan scan;
	struct arena *arena;
	struct shell_file *file;
	struct block *blocks;
	size_t n_blocks;
	struct heredoc *heredocs; /* begun in this line */
	size_t n_heredocs;
	/* Of the simple command that is being read. */
	size_t first;   /* its first assignment in the list */
	size_t n_words; /* words that are no assignments */
	bool declares;  /* export, readonly, ...: assignments as arguments */
	bool unsets, in_test, after_compound;
	bool is_grub_name;          /* its first word looks like a variable of GRUB's */
	bool skips_word;            /* the target of a redirection */
	bool names_function;        /* behind the word "function" */
	bool is_function;           /* the block that comes is a function's body */
	const char *list_condition; /* "&&", "||" or a pipe in front of it in this list */
};

static const char *const block_names[] = {
	[BLOCK_IF] = "an if",        [BLOCK_LOOP] = "a loop",           [BLOCK_CASE] = "a case",
	[BLOCK_BRACE] = "a { group", [BLOCK_SUBSHELL] = "a ( subshell",
};

static void fail(struct parser *p, size_t line, const char *why)
{
	if (p->file->error)
		return;
	p->file->error = why;
	p->file->error_line = line;
}

static struct block *top(struct parser *p)
{
	return p->n_blocks ? &p->blocks[p->n_blocks - 1] : NULL;
}

static void push(struct parser *p, enum block_kind kind)
{
	*arena_append(p->arena, p->blocks, p->n_blocks) = (struct block){
		.kind = kind,
		.line = p->scan.line,
		.is_function = p->is_function,
		.condition = p->list_condition,
	};
	p->is_function = false;
	p->list_condition = NULL;
}

static void begin_command(struct parser *p)
{
	p->first = p->file->count;
	p->n_words = 0;
	p->declares = p->unsets = p->in_test = p->after_compound = p->is_grub_name = false;
	p->skips_word = false;
}

/* The innermost thing that decides whether what stands here is carried out. */
static void set_condition(struct parser *p, struct shell_assignment *a)
{
	size_t i;

	a->condition = p->list_condition;
	a->condition_line = a->line;
	for (i = p->n_blocks; i-- > 0;) {
		const struct block *b = &p->blocks[i];

		if (b->kind == BLOCK_BRACE && !b->is_function && !b->condition)
			continue;
		if (b->kind != BLOCK_BRACE)
			a->condition = block_names[b->kind];
		else
			a->condition = b->is_function ? "a function" : b->condition;
		a->condition_line = b->line;
		return;
	}
}

/* What ends with a pipe or in the background sets nothing here. */
static void end_command(struct parser *p, const char *ends_in)
{
	size_t i;

	for (i = p->first; i < p->file->count; i++) {
		struct shell_assignment *a = &p->file->list[i];

		if (!a->condition && ends_in) {
			a->condition = ends_in;
			a->condition_line = a->line;
		}
	}
	begin_command(p);
}

static bool is_name_start(char c)
{
	return isalpha((unsigned char)c) || c == '_';
}

static size_t name_length(const char *s, size_t len)
{
	size_t n = 0;

	if (!len || !is_name_start(s[0]))
		return 0;
	while (n < len && (isalnum((unsigned char)s[n]) || s[n] == '_'))
		n++;
	return n;
}

static bool word_is(const char *s, size_t len, const char *word)
{
	return len == strlen(word) && !memcmp(s, word, len);
}

static void close_block(struct parser *p, enum block_kind kind, const char *why)
{
	if (!p->n_blocks || top(p)->kind != kind) {
		fail(p, p->scan.line, why);
		return;
	}
	p->list_condition = top(p)->condition;
	p->n_blocks--;
	p->after_compound = true;
	p->n_words = 1;
}

static bool opens_block(struct parser *p, const char *s, size_t len)
{
	if (word_is(s, len, "if")) {
		push(p, BLOCK_IF);
	} else if (word_is(s, len, "while") || word_is(s, len, "until")) {
		push(p, BLOCK_LOOP);
	} else if (word_is(s, len, "for") || word_is(s, len, "select")) {
		push(p, BLOCK_LOOP);
		p->n_words = 1; /* the name and its list, up to "do" */
	} else if (word_is(s, len, "case")) {
		push(p, BLOCK_CASE);
		p->n_words = 1;
	} else if (word_is(s, len, "{")) {
		push(p, BLOCK_BRACE);
	} else {
		return false;
	}
	return true;
}

/* A word where a command begins that belongs to the grammar; true: it did. */
static bool take_reserved(struct parser *p, const char *s, size_t len)
{
	if (opens_block(p, s, len) || word_is(s, len, "!") || word_is(s, len, "time"))
		return true;
	if (word_is(s, len, "then") || word_is(s, len, "elif") || word_is(s, len, "else")) {
		if (!p->n_blocks || top(p)->kind != BLOCK_IF)
			fail(p, p->scan.line, "a then, elif or else without its if");
	} else if (word_is(s, len, "do")) {
		if (!p->n_blocks || top(p)->kind != BLOCK_LOOP)
			fail(p, p->scan.line, "a do without its loop");
	} else if (word_is(s, len, "fi")) {
		close_block(p, BLOCK_IF, "a fi without its if");
	} else if (word_is(s, len, "done")) {
		close_block(p, BLOCK_LOOP, "a done without its loop");
	} else if (word_is(s, len, "esac")) {
		close_block(p, BLOCK_CASE, "an esac without its case");
	} else if (word_is(s, len, "}")) {
		close_block(p, BLOCK_BRACE, "a } that nothing opened");
	} else {
		return false;
	}
	return true;
}

static void take_command_word(struct parser *p, const char *s, size_t len)
{
	static const char *const declaring[] = {"export", "readonly", "declare", "typeset",
						"local"};
	size_t i;

	for (i = 0; i < sizeof(declaring) / sizeof(*declaring); i++)
		p->declares |= word_is(s, len, declaring[i]);
	p->unsets = word_is(s, len, "unset");
	p->in_test = word_is(s, len, "[[");
	p->file->sources += word_is(s, len, ".") || word_is(s, len, "source");
	p->names_function = word_is(s, len, "function");
	p->is_grub_name = len > 5 && !memcmp(s, "GRUB_", 5) && name_length(s, len) == len;
}

static void add_unset(struct parser *p, const struct shell_word *w)
{
	const char *s = p->scan.text + w->begin;
	size_t len = w->end - w->begin;
	struct shell_assignment *a;

	if (!len || name_length(s, len) != len)
		return;
	a = arena_append(p->arena, p->file->list, p->file->count);
	*a = (struct shell_assignment){
		.name = arena_memdup(p->arena, s, len),
		.line = w->line,
		.begin = w->begin,
		.value_begin = w->end,
		.value_end = w->end,
		.insert = w->end,
		.is_unset = true,
	};
	set_condition(p, a);
}

/* NAME=value as the length of "NAME=" or "NAME+="; 0: it is none. */
static size_t assignment_front(const char *s, size_t len, size_t *ret_name)
{
	size_t n = name_length(s, len);

	*ret_name = n;
	if (!n || n == len)
		return 0;
	if (s[n] == '=')
		return n + 1;
	return n + 1 < len && s[n] == '+' && s[n + 1] == '=' ? n + 2 : 0;
}

static bool take_assignment(struct parser *p, struct shell_word *w)
{
	const char *s = p->scan.text + w->begin;
	size_t name, front = assignment_front(s, w->end - w->begin, &name);
	struct shell_assignment *a;
	bool is_array;

	if (!front)
		return false;
	is_array = w->begin + front == w->end && shell_scan_peek(&p->scan) == '(';
	if (is_array) {
		const char *why = shell_scan_nested(&p->scan);

		if (why)
			fail(p, w->line, why);
		w->end = p->scan.pos;
	}
	a = arena_append(p->arena, p->file->list, p->file->count);
	*a = (struct shell_assignment){
		.name = arena_memdup(p->arena, s, name),
		.line = w->line,
		.begin = w->begin,
		.value_begin = w->begin + front,
		.value_end = w->end,
		.insert = w->quote ? w->insert : w->end,
		.quote = w->quote,
		.is_plain = !w->has_quoting,
		.adds = s[name] == '+',
		.is_array = is_array,
	};
	set_condition(p, a);
	return true;
}

/* The words of a command that began with an assignment, or those behind export's. */
static void mark_stray(struct parser *p, const struct shell_word *w)
{
	size_t i;

	for (i = p->first; i < p->file->count; i++) {
		struct shell_assignment *a = &p->file->list[i];

		/* Behind export a name alone is no stray, unless it looks like the rest of a value. */
		if (!a->stray && !a->is_unset && (!p->declares || !a->quote))
			a->stray =
				arena_memdup(p->arena, p->scan.text + w->begin, w->end - w->begin);
	}
}

static void take_case_word(struct parser *p, const char *s, size_t len)
{
	struct block *b = top(p);

	if (b->state == CASE_WORD && word_is(s, len, "in")) {
		b->state = CASE_PATTERN;
		begin_command(p);
	} else if (b->state == CASE_PATTERN && word_is(s, len, "esac")) {
		close_block(p, BLOCK_CASE, "an esac without its case");
	}
}

static bool in_case_head(struct parser *p)
{
	return p->n_blocks && top(p)->kind == BLOCK_CASE && top(p)->state != CASE_BODY;
}

static void take_word(struct parser *p, struct shell_word *w)
{
	const char *s = p->scan.text + w->begin;
	size_t len = w->end - w->begin;
	bool begins = !p->n_words && p->first == p->file->count;

	if (p->skips_word) {
		p->skips_word = false;
		return;
	}
	if (in_case_head(p)) {
		take_case_word(p, s, len);
		return;
	}
	if (p->in_test) {
		p->in_test = !word_is(s, len, "]]");
		return;
	}
	if (p->names_function) {
		p->names_function = false;
		begin_command(p);
		p->is_function = true;
		return;
	}
	if (begins && take_reserved(p, s, len))
		return;
	if ((!p->n_words || p->declares) && take_assignment(p, w))
		return;
	if (p->n_words == 1 && p->is_grub_name && len && s[0] == '=')
		fail(p, w->line, "blanks around the = of an assignment");
	if (!p->n_words)
		take_command_word(p, s, len);
	else if (p->unsets)
		add_unset(p, w);
	if ((!p->n_words || p->declares) && p->first < p->file->count)
		mark_stray(p, w);
	p->n_words++;
}

static void take_heredoc(struct parser *p, bool strips_tabs)
{
	TEXT_AUTO struct text t = {0};
	struct shell_word w;
	const char *why;
	size_t i;

	shell_scan_blanks(&p->scan);
	why = shell_scan_word(&p->scan, &w);
	if (why) {
		fail(p, w.line, why);
		return;
	}
	for (i = w.begin; i < w.end; i++) {
		if (!strchr("\"'\\", p->scan.text[i]))
			text_add_bytes(&t, p->scan.text + i, 1);
	}
	*arena_append(p->arena, p->heredocs, p->n_heredocs) =
		(struct heredoc){arena_strdup(p->arena, text_str(&t)), strips_tabs};
}

static void skip_heredocs(struct parser *p)
{
	size_t i;

	for (i = 0; i < p->n_heredocs; i++) {
		size_t line = p->scan.line;

		if (!shell_scan_heredoc(&p->scan, p->heredocs[i].delimiter,
					p->heredocs[i].strips_tabs))
			fail(p, line, "a here-document that is not ended");
	}
	p->n_heredocs = 0;
}

static void take_redirection(struct parser *p)
{
	struct shell_scan *s = &p->scan;
	const char *why;

	if (shell_scan_has(s, "<<<")) {
		s->pos += 3;
	} else if (shell_scan_has(s, "<<")) {
		bool strips = shell_scan_has(s, "<<-");

		s->pos += strips ? 3 : 2;
		take_heredoc(p, strips);
		return;
	} else if (shell_scan_has(s, "<(") || shell_scan_has(s, ">(")) {
		s->pos++;
		why = shell_scan_nested(s);
		if (why)
			fail(p, s->line, why);
		return;
	} else {
		s->pos++;
		while (s->pos < s->len && strchr("<>&|", s->text[s->pos]))
			s->pos++;
	}
	p->skips_word = true;
}

/* "(" begins a subshell, an arithmetic command, a function's () or a case's pattern. */
static void take_open(struct parser *p)
{
	size_t line = p->scan.line;
	const char *why;

	if (in_case_head(p)) {
		p->scan.pos++;
	} else if (p->is_function && shell_scan_is_empty_parens(&p->scan)) {
		; /* function NAME () */
	} else if (p->n_words == 1 && !p->after_compound && p->first == p->file->count &&
		   shell_scan_is_empty_parens(&p->scan)) {
		begin_command(p);
		p->is_function = true;
	} else if (p->n_words || p->first < p->file->count) {
		fail(p, line, "a ( in the middle of a command");
	} else if (shell_scan_has(&p->scan, "((")) {
		why = shell_scan_nested(&p->scan);
		if (why)
			fail(p, line, why);
		p->n_words = 1;
		p->after_compound = true;
	} else {
		p->scan.pos++;
		push(p, BLOCK_SUBSHELL);
	}
}

static void take_close(struct parser *p)
{
	struct block *b = top(p);

	p->scan.pos++;
	if (b && b->kind == BLOCK_CASE && b->state == CASE_PATTERN) {
		b->state = CASE_BODY;
		begin_command(p);
		return;
	}
	end_command(p, NULL);
	close_block(p, BLOCK_SUBSHELL, "a ) that nothing opened");
}

static void take_semicolon(struct parser *p)
{
	struct block *b = top(p);
	bool ends_case = shell_scan_has(&p->scan, ";;") || shell_scan_has(&p->scan, ";&");

	end_command(p, NULL);
	p->list_condition = NULL;
	p->scan.pos++;
	if (!ends_case)
		return;
	while (p->scan.pos < p->scan.len && strchr(";&", p->scan.text[p->scan.pos]))
		p->scan.pos++;
	if (b && b->kind == BLOCK_CASE && b->state == CASE_BODY)
		b->state = CASE_PATTERN;
	else
		fail(p, p->scan.line, "a ;; outside a case");
}

static void take_and_or(struct parser *p, char c)
{
	bool is_double = p->scan.pos + 1 < p->scan.len && p->scan.text[p->scan.pos + 1] == c;

	if (in_case_head(p)) {
		p->scan.pos++;
		return;
	}
	if (is_double) {
		end_command(p, NULL);
		p->list_condition =
			c == '&' ? "a command before its &&" : "a command before its ||";
	} else if (c == '|') {
		end_command(p, "a pipe");
		p->list_condition = "a pipe";
	} else {
		end_command(p, "the background (&)");
		p->list_condition = NULL;
	}
	p->scan.pos += is_double || shell_scan_has(&p->scan, "|&") ? 2 : 1;
}

static void take_operator(struct parser *p, char c)
{
	if (p->in_test) {
		p->scan.pos++;
		return;
	}
	switch (c) {
	case ';':
		take_semicolon(p);
		break;
	case '&':
		if (shell_scan_has(&p->scan, "&>"))
			take_redirection(p);
		else
			take_and_or(p, c);
		break;
	case '|':
		take_and_or(p, c);
		break;
	case '(':
		take_open(p);
		break;
	case ')':
		take_close(p);
		break;
	default:
		take_redirection(p);
	}
}

/* A line's end: behind && or a pipe the list goes on, and with it what it depends on. */
static void take_newline(struct parser *p)
{
	bool is_empty = !p->n_words && p->first == p->file->count;

	if (!in_case_head(p)) {
		end_command(p, NULL);
		if (!is_empty)
			p->list_condition = NULL;
	}
	p->scan.pos++;
	p->scan.line++;
	skip_heredocs(p);
}

static bool is_descriptor(const struct shell_scan *s, const struct shell_word *w)
{
	size_t i;

	for (i = w->begin; i < w->end; i++) {
		if (!isdigit((unsigned char)s->text[i]))
			return false;
	}
	return w->end > w->begin && s->pos < s->len && strchr("<>", s->text[s->pos]);
}

static void take_any_word(struct parser *p)
{
	struct shell_word w;
	const char *why = shell_scan_word(&p->scan, &w);

	if (why)
		fail(p, w.line, why);
	else if (!is_descriptor(&p->scan, &w))
		take_word(p, &w);
}

/* Text that a further line would be a part of: it could not be added to. */
static void check_end(struct parser *p)
{
	const struct shell_scan *s = &p->scan;

	if (p->n_heredocs)
		fail(p, s->line, "a here-document that is not ended");
	if (p->list_condition && !p->n_words && p->first == p->file->count)
		fail(p, s->line, "it ends in the middle of a list of commands");
	if (s->len && s->text[s->len - 1] == '\\')
		fail(p, s->line, "it ends with a backslash");
}

void shell_file_parse(struct arena *arena, const char *text, size_t len, struct shell_file *ret)
{
	struct parser p = {
		.scan = {.text = text, .len = len, .line = 1, .arena = arena},
		.arena = arena,
		.file = ret,
	};
	struct shell_scan *s = &p.scan;

	*ret = (struct shell_file){0};
	if (len && memchr(text, 0, len))
		fail(&p, 1, "it holds a NUL byte: it is no text");
	while (!ret->error) {
		shell_scan_blanks(s);
		if (s->pos >= s->len)
			break;
		if (text[s->pos] == '#')
			shell_scan_comment(s);
		else if (text[s->pos] == '\n')
			take_newline(&p);
		else if (strchr(";&|()<>", text[s->pos]))
			take_operator(&p, text[s->pos]);
		else
			take_any_word(&p);
	}
	check_end(&p);
	end_command(&p, NULL);
	if (p.n_blocks)
		fail(&p, p.blocks[p.n_blocks - 1].line,
		     arena_printf(arena, "%s that is not ended",
				  block_names[p.blocks[p.n_blocks - 1].kind]));
}
