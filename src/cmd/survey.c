// SPDX-License-Identifier: LGPL-2.1-or-later
/* The devices of this machine with their groups, drivers, and what hangs under them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/fitness.h"
#include "analysis/why.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "cmd/commands.h"
#include "cmd/session.h"
#include "show/picture.h"
#include "show/survey.h"

static bool wants_picture(const struct invocation *inv)
{
	return invocation_has(inv, OPTION_SVG) || invocation_has(inv, OPTION_DOT);
}

/* The tree and the groups show fitness always; where it costs too much it has to be asked for. */
static bool judges(const struct invocation *inv)
{
	return invocation_has(inv, OPTION_LOSSES) || wants_picture(inv) ||
	       !(invocation_has(inv, OPTION_JSON) || invocation_has(inv, OPTION_LIST));
}

/* A list opens as little as it can: 65,536 functions are listed in the time that they take to be read. */
static unsigned int parts_of(const struct invocation *inv)
{
	unsigned int parts = HOST_PART(HOST_PCI) | HOST_PART(HOST_UNDER) | HOST_PART(HOST_NAMES);

	if (judges(inv))
		parts |= HOST_PART(HOST_GROUPS) | HOST_PART(HOST_STORAGE) |
			 HOST_PART(HOST_NETWORK) | HOST_PART(HOST_USES) | HOST_PART(HOST_KERNEL);

	if (invocation_has(inv, OPTION_JSON))
		return parts | HOST_PART(HOST_GROUPS) | HOST_PART(HOST_ATTRIBUTES);
	if (invocation_has(inv, OPTION_LIST))
		return parts | HOST_PART(HOST_GROUP_NUMBERS);
	if (invocation_has(inv, OPTION_GROUPS))
		parts |= HOST_PART(HOST_CONFIG);
	return parts | HOST_PART(HOST_GROUPS) | HOST_PART(HOST_DETAILS);
}

/* The file appears whole or not at all. */
static int draw(const struct invocation *inv, const struct survey *survey, struct error *err)
{
	bool is_svg = invocation_has(inv, OPTION_SVG);
	const char *path = inv->options[is_svg ? OPTION_SVG : OPTION_DOT];
	void (*show)(const struct survey *, FILE *) = is_svg ? show_picture_svg : show_picture_dot;
	char *text = NULL;
	size_t size;
	FILE *out;
	int code;

	if (!strcmp(path, "-")) {
		show(survey, inv->out);
		return 0;
	}
	out = open_memstream(&text, &size);
	if (!out)
		return error_set(err, -ENOMEM, NULL, NULL, "there is no memory for the picture");
	show(survey, out);
	code = fclose(out) ? -ENOMEM : atomic_file_replace(path, text, size, 0644);
	free(text);
	return code ? error_set(err, code, path, "name a file in a folder that you may write to",
				"the picture can't be written: %s", strerror(-code))
		    : 0;
}

static int show_groups(const struct invocation *inv, const struct session *session,
		       struct survey *survey)
{
	struct why why;

	why_make(&session->host, NULL, inv->arena, &why);
	survey->why = &why;
	return show_survey_groups(survey, inv->out);
}

static int show(const struct invocation *inv, const struct session *session, struct error *err)
{
	struct survey survey = {
		.host = &session->host,
		.style = &session->style,
		.shows_losses = invocation_has(inv, OPTION_LOSSES),
	};

	if (judges(inv))
		survey.fitness = fitness_table_new(&session->host, NULL, inv->arena);
	if (wants_picture(inv))
		return draw(inv, &survey, err);
	if (invocation_has(inv, OPTION_JSON))
		show_survey_json(&survey, inv->out);
	else if (invocation_has(inv, OPTION_LIST))
		show_survey_list(&survey, inv->out);
	else if (invocation_has(inv, OPTION_GROUPS))
		return show_groups(inv, session, &survey);
	else
		return show_survey_tree(&survey, inv->out);
	return 0;
}

static enum outcome run(struct invocation *inv, struct error *err)
{
	SESSION_AUTO struct session session = SESSION_CLOSED;
	int code;

	if (invocation_has(inv, OPTION_TREE) + invocation_has(inv, OPTION_GROUPS) +
		    invocation_has(inv, OPTION_LIST) + invocation_has(inv, OPTION_SVG) +
		    invocation_has(inv, OPTION_DOT) >
	    1) {
		error_set(err, -EINVAL, NULL, NULL,
			  "--tree, --groups, --list, --svg and --dot exclude each other");
		return OUTCOME_USAGE;
	}
	if (session_open(inv, parts_of(inv), SESSION_NO_GUESTS, &session, err))
		return OUTCOME_REFUSED;
	code = show(inv, &session, err);
	if (!code)
		return OUTCOME_DONE;
	if (!err->message)
		error_set(err, code, NULL, NULL, "the table can't be drawn: %s", strerror(-code));
	return OUTCOME_PUT_BACK;
}

const struct command command_survey = {
	.name = "survey",
	.words = "",
	.summary = "devices, groups, drivers, what hangs under them",
	.options = OPTION(OPTION_FROM) | OPTION(OPTION_TREE) | OPTION(OPTION_GROUPS) |
		   OPTION(OPTION_LIST) | OPTION(OPTION_LOSSES) | OPTION(OPTION_SVG) |
		   OPTION(OPTION_DOT),
	.run = run,
};
