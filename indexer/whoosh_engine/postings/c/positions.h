/* Words by their positions: pairs near each other, and phrases. */

#ifndef POSITIONS_H
#define POSITIONS_H

#include "table.h"

/* The positions of a word in one field of a document, ascending. `at` moves ahead as they are looked for. */
typedef struct {
    uint64_t *positions;
    Py_ssize_t count, room, at;
} Positions;

/* Merges the positions of one more form of the word, which ascend as well. */
static int
merge_positions(const Array *source, uint64_t start, uint64_t added, Positions *positions)
{
    if (start > (uint64_t)source->size || added > (uint64_t)source->size - start) {
        return NO_POSITIONS;
    }
    Py_ssize_t needed = positions->count + (Py_ssize_t)added;
    if (needed > positions->room) {
        uint64_t *larger = realloc(positions->positions, 2 * (size_t)needed * sizeof(uint64_t));
        if (larger == NULL) {
            return NO_MEMORY;
        }
        positions->positions = larger;
        positions->room = 2 * needed;
    }
    Py_ssize_t before = positions->count, place = needed;
    for (Py_ssize_t left = (Py_ssize_t)added; left > 0;) { /* from behind, so that nothing is overwritten too early */
        uint64_t position = number_at(source, (Py_ssize_t)start + left - 1);
        if (before > 0 && positions->positions[before - 1] > position) {
            positions->positions[--place] = positions->positions[--before];
        }
        else {
            positions->positions[--place] = position;
            left--;
        }
    }
    positions->count = needed;
    return 0;
}

/* Finds the positions of a word in each field of a document that does not come before the last one. Returns the number
   of its forms there, or a problem. */
static int
find_positions(const Table *table, Word *word, int32_t document, Positions *by_field)
{
    int forms = 0;
    for (int field = 0; field < table->fields; field++) {
        by_field[field].count = by_field[field].at = 0;
    }
    for (Py_ssize_t number = 0; number < word->count; number++) {
        Run *run = &word->runs[number];
        Py_ssize_t posting = find_posting(table, run, document);
        if (posting < 0) {
            continue;
        }
        forms++;
        for (int field = 0; field < table->fields; field++) {
            const Array *frequencies = &table->frequencies[field];
            if (!frequencies->size) {
                continue;
            }
            run->positions[field] += sum_between(table, field, run->counted, posting);
            uint64_t added = number_at(frequencies, posting);
            int problem = merge_positions(&table->positions[field], run->positions[field], added, &by_field[field]);
            if (problem) {
                return problem;
            }
        }
        run->counted = posting;
    }
    return forms;
}

/* The number of positions in `firsts` with one of `seconds` at most `gap` steps behind. */
static Py_ssize_t
count_followed(const Positions *firsts, const Positions *seconds, uint64_t gap)
{
    Py_ssize_t count = 0, at = 0;
    for (Py_ssize_t index = 0; index < firsts->count; index++) {
        while (at < seconds->count && seconds->positions[at] <= firsts->positions[index]) {
            at++;
        }
        if (at == seconds->count) {
            break;
        }
        count += seconds->positions[at] - firsts->positions[index] <= gap;
    }
    return count;
}

/* What a pair in a field counts, the most steps between its words, and what it is worth at the most. */
typedef struct {
    double weights[FIELDS];
    uint64_t gap;
    float saturation, worth;
} Nearness;

/* Adds what it is worth that the second word follows the first to the total of each document. */
static int
add_nearness(const Table *table, Word *first, Word *second, const Nearness *nearness, const int32_t *documents,
             Py_ssize_t count, float *totals)
{
    Positions firsts[FIELDS] = {{0}}, seconds[FIELDS] = {{0}};
    int forms = 0;
    for (Py_ssize_t index = 0; index < count && forms >= 0; index++) {
        double sum = 0;
        forms = find_positions(table, first, documents[index], firsts);
        if (forms > 0) {
            forms = find_positions(table, second, documents[index], seconds);
        }
        for (int field = 0; field < table->fields && forms > 0; field++) {
            sum += nearness->weights[field] * count_followed(&firsts[field], &seconds[field], nearness->gap);
        }
        totals[index] += nearness->worth * ((float)sum / (nearness->saturation + (float)sum));
    }
    for (int field = 0; field < FIELDS; field++) {
        free(firsts[field].positions);
        free(seconds[field].positions);
    }
    return forms < 0 ? forms : 0;
}

/* The positions of a word in each field of a document. */
typedef Positions ByField[FIELDS];

/* True if a position of the first word has one of each other word so many steps behind it as the word comes later. */
static bool
stand_in_order(ByField *by_word, Py_ssize_t words, int field)
{
    const Positions *firsts = &by_word[0][field];
    for (Py_ssize_t index = 0; index < firsts->count; index++) {
        Py_ssize_t word = 1;
        for (; word < words; word++) {
            Positions *other = &by_word[word][field];
            uint64_t sought = firsts->positions[index] + (uint64_t)word;
            while (other->at < other->count && other->positions[other->at] < sought) {
                other->at++;
            }
            if (other->at == other->count || other->positions[other->at] != sought) {
                break;
            }
        }
        if (word == words) {
            return true;
        }
    }
    return false;
}

/* Tells of each document whether the words stand there in order, whose positions are kept in `by_word` meanwhile. */
static int
mark_phrases(const Table *table, Word *words, Py_ssize_t count, ByField *by_word, const int32_t *documents,
             Py_ssize_t length, uint8_t *mask)
{
    for (Py_ssize_t index = 0; index < length; index++) {
        Py_ssize_t number = 0;
        for (; number < count; number++) {
            int forms = find_positions(table, &words[number], documents[index], by_word[number]);
            if (forms < 0) {
                return forms;
            }
            if (forms == 0) {
                break;
            }
        }
        mask[index] = false;
        for (int field = 0; number == count && field < table->fields; field++) {
            mask[index] |= stand_in_order(by_word, count, field);
        }
    }
    return 0;
}

#endif
