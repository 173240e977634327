// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which words are to be written: what somebody asked for, or what the machine needs. */
#include "cmd/iommu.h"

#include <string.h>

#include "analysis/iommu_need.h"
#include "base/arena.h"

static void note(struct arena *arena, struct plan *plan, const char *sentence)
{
	*arena_append(arena, plan->notes, plan->n_notes) = sentence;
}

static void refuse(struct arena *arena, struct plan *plan, const char *subject,
		   const char *evidence, const char *remedy)
{
	*arena_append(arena, plan->refusals, plan->n_refusals) =
		(struct plan_refusal){"parameter", subject, evidence, remedy};
}

/* --parameter may hold several, divided by blanks. */
static void split(struct arena *arena, const char *text, struct boot_request *request)
{
	struct boot_word_wanted *words = NULL;
	size_t len;

	for (text += strspn(text, " \t"); *text; text += len, text += strspn(text, " \t")) {
		len = strcspn(text, " \t");
		*arena_append(arena, words, request->n_words) =
			(struct boot_word_wanted){.word = arena_memdup(arena, text, len)};
	}
	request->words = words;
}

static void check_named(struct invocation *inv, const struct boot_request *request,
			struct plan *plan)
{
	const char *why = NULL;
	size_t i;

	if (!request->n_words)
		refuse(inv->arena, plan, "--parameter", "it names no word", NULL);
	for (i = 0; i < request->n_words; i++) {
		const char *word = request->words[i].word;
		int code = iommu_word_check(word, inv->arena, &why);

		if (code < 0)
			refuse(inv->arena, plan, word, why,
			       "Documentation/admin-guide/kernel-parameters.txt of the kernel lists "
			       "what it knows");
		else if (code)
			note(inv->arena, plan, arena_printf(inv->arena, "%s: %s", word, why));
	}
}

/* Written because it was asked for; that it is needless is said. */
static void note_needless(struct invocation *inv, const struct boot_request *request,
			  const struct iommu_need *need, struct plan *plan)
{
	size_t i;

	for (i = 0; i < request->n_words; i++) {
		const char *word = request->words[i].word;

		if (!need->refusal && !strcmp(word, "intel_iommu=on") &&
		    (!need->word || need->only_replace))
			note(inv->arena, plan,
			     arena_printf(inv->arena, "%s is needless here: %s", word, need->why));
	}
}

void iommu_words_named(struct invocation *inv, struct boot_request *request)
{
	if (inv->options[OPTION_PARAMETER])
		split(inv->arena, inv->options[OPTION_PARAMETER], request);
}

void iommu_words(struct invocation *inv, const struct iommu_system *system,
		 struct boot_request *request, struct plan *plan)
{
	struct iommu_facts facts;
	struct iommu_need need;
	struct boot_word_wanted *word;

	iommu_facts_read(&system->root, inv->arena, &facts);
	iommu_need(&facts, inv->arena, &need);
	if (inv->options[OPTION_PARAMETER]) {
		iommu_words_named(inv, request);
		check_named(inv, request, plan);
		note_needless(inv, request, &need, plan);
		return;
	}
	if (need.refusal)
		refuse(inv->arena, plan, "kernel parameter", need.refusal, need.remedy);
	if (need.why)
		note(inv->arena, plan, need.why);
	if (!need.word)
		return;
	word = arena_alloc(inv->arena, sizeof(*word));
	*word = (struct boot_word_wanted){need.word, need.only_replace};
	request->words = word;
	request->n_words = 1;
}
