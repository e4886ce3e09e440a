/* The best matches of a query, block by block of the segment: a block in which the greatest scores of all words do not
   add up to those of enough other matches is passed over. See `ranking/best_matches.py`. */

#ifndef BLOCK_MAX_H
#define BLOCK_MAX_H

#include "impacts.h"

#include <math.h>

#define GROUP 16 /* blocks that are passed over at once */
#define FIRST_GROUPS 32 /* whose most promising blocks are searched first, for what is enough to be known early */
#define SLACK 1.0001f /* Bounds are sums in single precision. */

/* The documents of a word in a table, or others that are known, those of a beginning or a phrase; `at` is where the
   block begins that is read, and `present` has a bit for each of its documents there. */
typedef struct {
    const Table *table; /* NULL where documents are known */
    Word word;
    Array documents;
    Py_ssize_t at;
    bool is_required; /* of all that matches */
    uint64_t present;
} List;

/* What is asked of the sets of a block: the numbers of lists push their sets on a stack, on which operations work. */
typedef struct {
    int *steps;
    Py_ssize_t length;
} Program;

enum { AND = -1, OR = -2, NOT = -3, ALL = -4 }; /* as in `programs.py` */

/* What the documents of a list add to scores, where its condition holds if it has one. */
typedef struct {
    List *list;
    Scoring scoring; /* of a word in a table */
    Array impacts;   /* of documents that are known */
    Array greatest;  /* impact in each block */
    float worth;
    Program condition;
} ScoredList;

typedef struct {
    const Table *table;
    List *lists, **order; /* the required ones first, the shortest of them in front */
    ScoredList *scored;
    Py_ssize_t list_count, scored_count, size;
    float saturation;
    Program program;
    uint64_t *stack;
    float *bounds, *group_bounds; /* scores that no match exceeds in a block, and in a group; below 0 without matches */
    const uint8_t *allowed;
} Query;

typedef struct {
    int32_t document;
    float score;
} Match;

/* The best scores, as a heap with the least of them in front, and all matches that reached it when they were found. */
typedef struct {
    float *heap;
    Py_ssize_t wanted, count;
    Match *matches;
    Py_ssize_t found, room;
} Best;

static inline Py_ssize_t
groups_of(Py_ssize_t size)
{
    return (blocks_of(size) + GROUP - 1) / GROUP;
}

static void
fill_bounds(const Query *query)
{
    float *restrict bounds = query->bounds;
    Py_ssize_t blocks = blocks_of(query->size);
    for (const ScoredList *one = query->scored; one < query->scored + query->scored_count; one++) {
        const float *greatest = one->greatest.view.buf, worth = one->worth;
        for (Py_ssize_t block = 0; block < blocks; block++) {
            bounds[block] += worth * greatest[block];
        }
    }
    for (const ScoredList *one = query->scored; one < query->scored + query->scored_count; one++) {
        const float *greatest = one->greatest.view.buf;
        for (Py_ssize_t block = 0; one->list->is_required && block < blocks; block++) {
            bounds[block] = greatest[block] > 0 ? bounds[block] : -1;
        }
    }
}

/* The greatest bound in each group of blocks. Several are compared at once, as the compiler may not choose to. */
static void
fill_group_bounds(const Query *query)
{
    enum { AT_ONCE = 8 };
    for (Py_ssize_t group = 0; group < groups_of(query->size); group++) {
        const float *bounds = query->bounds + group * GROUP;
        float greatest[AT_ONCE];
        memcpy(greatest, bounds, sizeof greatest);
        for (int block = AT_ONCE; block < GROUP; block += AT_ONCE) {
            for (int lane = 0; lane < AT_ONCE; lane++) {
                greatest[lane] = bounds[block + lane] > greatest[lane] ? bounds[block + lane] : greatest[lane];
            }
        }
        for (int lane = 1; lane < AT_ONCE; lane++) {
            greatest[0] = greatest[lane] > greatest[0] ? greatest[lane] : greatest[0];
        }
        query->group_bounds[group] = greatest[0];
    }
}

/* A bound that so many groups reach, or all there are. */
static float
bound_of_first(const Query *query)
{
    float first[FIRST_GROUPS] = {0};
    for (Py_ssize_t group = 0; group < groups_of(query->size); group++) {
        float bound = query->group_bounds[group];
        int place = FIRST_GROUPS;
        for (; place > 0 && first[place - 1] < bound; place--) {
            if (place < FIRST_GROUPS) {
                first[place] = first[place - 1];
            }
        }
        if (place < FIRST_GROUPS) {
            first[place] = bound;
        }
    }
    return first[FIRST_GROUPS - 1];
}

/* The score that a match must reach: that of the least of the best, once there are enough. */
static inline float
enough(const Best *best)
{
    return best->count < best->wanted ? 0 : best->heap[0];
}

static void
take_score(Best *best, float score)
{
    Py_ssize_t place = 0;
    float *heap = best->heap;
    if (best->count < best->wanted) {
        place = best->count++;
        for (; place && heap[(place - 1) / 2] > score; place = (place - 1) / 2) {
            heap[place] = heap[(place - 1) / 2];
        }
    }
    else if (score > heap[0]) {
        for (Py_ssize_t child = 1; child < best->count; child = 2 * place + 1) {
            child += child + 1 < best->count && heap[child + 1] < heap[child];
            if (heap[child] >= score) {
                break;
            }
            heap[place] = heap[child];
            place = child;
        }
    }
    else {
        return;
    }
    heap[place] = score;
}

/* Takes a match, if its score is enough. Returns a problem, or 0. */
static int
take_match(Best *best, int32_t document, float score)
{
    if (score < enough(best)) {
        return 0;
    }
    if (best->found == best->room) {
        Py_ssize_t room = 2 * best->room + BLOCK;
        Match *matches = realloc(best->matches, room * sizeof *matches);
        if (matches == NULL) {
            return NO_MEMORY;
        }
        best->matches = matches;
        best->room = room;
    }
    best->matches[best->found++] = (Match){document, score};
    take_score(best, score);
    return 0;
}

/* Leaves out what is not enough in the end. */
static void
drop_losers(Best *best)
{
    Py_ssize_t kept = 0;
    for (Py_ssize_t index = 0; index < best->found; index++) {
        best->matches[kept] = best->matches[index];
        kept += best->matches[index].score >= enough(best);
    }
    best->found = kept;
}

/* The documents, among some that ascend, that are in a block, from `at` on. */
static uint64_t
present_in(const int32_t *documents, Py_ssize_t at, Py_ssize_t stop, int32_t start)
{
    uint64_t present = 0;
    for (; at < stop; at++) {
        uint32_t place = (uint32_t)(documents[at] - start);
        if (place >= BLOCK) { /* also in a damaged index, which may have any order of documents */
            break;
        }
        present |= (uint64_t)1 << place;
    }
    return present;
}

/* The same for postings of a word, all of which may not be in the fields that are searched. */
static uint64_t
occurring_in(const Table *table, const Run *run, int32_t start)
{
    const int32_t *documents = table->documents.view.buf;
    uint64_t present = 0;
    if (table->is_whole) {
        return present_in(documents, run->at, run->stop, start);
    }
    for (Py_ssize_t at = run->at; at < run->stop && (uint32_t)(documents[at] - start) < BLOCK; at++) {
        present |= (uint64_t)occurs(table, at) << (documents[at] - start);
    }
    return present;
}

static void
read_list(List *list, int32_t start)
{
    if (list->table == NULL) {
        const int32_t *documents = list->documents.view.buf;
        list->at = seek(documents, list->at, list->documents.size, start);
        list->present = present_in(documents, list->at, list->documents.size, start);
        return;
    }
    list->present = 0;
    for (Run *run = list->word.runs; run < list->word.runs + list->word.count; run++) {
        run->at = seek(list->table->documents.view.buf, run->at, run->stop, start);
        list->present |= occurring_in(list->table, run, start);
    }
}

/* The first document of a list from one on; a number that no segment has where there is none. */
static int32_t
first_from(List *list, int32_t start)
{
    const int32_t *documents;
    int32_t first = INT32_MAX;
    if (list->table == NULL) {
        documents = list->documents.view.buf;
        list->at = seek(documents, list->at, list->documents.size, start);
        return list->at < list->documents.size ? documents[list->at] : first;
    }
    documents = list->table->documents.view.buf;
    for (Run *run = list->word.runs; run < list->word.runs + list->word.count; run++) {
        run->at = seek(documents, run->at, run->stop, start);
        if (run->at < run->stop && documents[run->at] < first) {
            first = documents[run->at];
        }
    }
    return first;
}

static uint64_t
run_program(const Query *query, const Program *program)
{
    uint64_t *top = query->stack;
    for (Py_ssize_t step = 0; step < program->length; step++) {
        switch (program->steps[step]) {
        case AND:
            top--;
            top[-1] &= top[0];
            break;
        case OR:
            top--;
            top[-1] |= top[0];
            break;
        case NOT:
            top[-1] = ~top[-1];
            break;
        case ALL:
            *top++ = ~(uint64_t)0;
            break;
        default:
            *top++ = query->lists[program->steps[step]].present;
        }
    }
    return top[-1];
}

/* What a document of a list adds to its score. */
static float
worth_on(const ScoredList *one, int32_t document)
{
    List *list = one->list;
    if (list->table != NULL) {
        return seek_worth(list->table, &list->word, &one->scoring, document, false);
    }
    Py_ssize_t at = seek(list->documents.view.buf, list->at, list->documents.size, document);
    return at < list->documents.size ? one->worth * ((const float *)one->impacts.view.buf)[at] : 0;
}

/* Adds up the scores of matches, in the order of the lists: the sums are the same, to the last bit, as those of whole
   columns. */
static void
add_scores(const Query *query, uint64_t matches, int32_t start, float *scores)
{
    for (const ScoredList *one = query->scored; one < query->scored + query->scored_count; one++) {
        uint64_t left = matches & one->list->present;
        if (one->condition.length) {
            left &= run_program(query, &one->condition);
        }
        for (; left; left &= left - 1) {
            int place = __builtin_ctzll(left);
            scores[place] += worth_on(one, start + place);
        }
    }
}

/* The documents of a block that match, in a set. */
static uint64_t
matches_in(const Query *query, Py_ssize_t block)
{
    uint64_t matches = ~(uint64_t)0;
    for (List **list = query->order; matches && list < query->order + query->list_count; list++) {
        read_list(*list, (int32_t)(block * BLOCK));
        matches &= (*list)->is_required ? (*list)->present : ~(uint64_t)0;
    }
    matches = matches ? run_program(query, &query->program) : 0;
    for (uint64_t left = matches; left; left &= left - 1) {
        Py_ssize_t document = block * BLOCK + __builtin_ctzll(left);
        if (document >= query->size || !query->allowed[document]) {
            matches ^= left & -left;
        }
    }
    return matches;
}

/* Those of some matches whose lists, each at its greatest in the block, add up to a score that is enough. */
static uint64_t
promising(const Query *query, uint64_t matches, Py_ssize_t block, float enough)
{
    float bounds[BLOCK] = {0};
    for (const ScoredList *one = query->scored; one < query->scored + query->scored_count; one++) {
        float most = one->worth * ((const float *)one->greatest.view.buf)[block] * SLACK;
        for (uint64_t left = matches & one->list->present; left; left &= left - 1) {
            bounds[__builtin_ctzll(left)] += most;
        }
    }
    for (uint64_t left = matches; left; left &= left - 1) {
        if (bounds[__builtin_ctzll(left)] < enough) {
            matches ^= left & -left;
        }
    }
    return matches;
}

static int
search_block(Query *query, Py_ssize_t block, Best *best)
{
    int32_t start = (int32_t)(block * BLOCK);
    uint64_t matches = promising(query, matches_in(query, block), block, enough(best));
    float scores[BLOCK] = {0};
    if (matches) {
        add_scores(query, matches, start, scores);
    }
    for (; matches; matches &= matches - 1) {
        int place = __builtin_ctzll(matches);
        if (take_match(best, start + place, scores[place]) < 0) {
            return NO_MEMORY;
        }
    }
    return 0;
}

/* The first block, from one on, that has a document of the shortest list among those that are required. */
static Py_ssize_t
next_block(const Query *query, Py_ssize_t block)
{
    List *list = query->order[0];
    if (query->list_count == 0 || !list->is_required) {
        return block;
    }
    int32_t first = first_from(list, (int32_t)(block * BLOCK));
    Py_ssize_t next = first == INT32_MAX ? blocks_of(query->size) : first / BLOCK;
    return next < block ? block : next; /* a damaged index may have any order of documents */
}

/* Searches the blocks whose bounds are in a range, and still enough. Returns a problem, or 0. */
static int
search_blocks(Query *query, Best *best, float least, float limit)
{
    Py_ssize_t blocks = blocks_of(query->size);
    int problem = 0;
    for (Py_ssize_t group = 0; group < groups_of(query->size); group++) {
        if (query->group_bounds[group] < least || query->group_bounds[group] * SLACK < enough(best)) {
            continue;
        }
        Py_ssize_t end = (group + 1) * GROUP < blocks ? (group + 1) * GROUP : blocks;
        for (Py_ssize_t block = group * GROUP; block < end && problem == 0; block++) {
            float bound = query->bounds[block];
            if (bound < least || bound >= limit || bound * SLACK < enough(best)) {
                continue;
            }
            Py_ssize_t next = next_block(query, block);
            if (next > block) {
                block = next - 1;
            }
            else {
                problem = search_block(query, block, best);
            }
        }
    }
    return problem;
}

/* Begins again with the first document. */
static void
rewind_query(Query *query)
{
    for (List *list = query->lists; list < query->lists + query->list_count; list++) {
        list->at = 0;
        rewind_word(&list->word);
    }
}

static int
search_segment(Query *query, Best *best)
{
    fill_bounds(query);
    fill_group_bounds(query);
    float first = bound_of_first(query);
    int problem = search_blocks(query, best, first, INFINITY);
    if (problem == 0) {
        rewind_query(query);
        problem = search_blocks(query, best, 0, first);
    }
    drop_losers(best);
    return problem;
}

#endif
