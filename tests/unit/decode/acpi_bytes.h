/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tables made by hand, for the tests of DMAR and IVRS. */
#ifndef FERRY_TEST_ACPI_BYTES_H
#define FERRY_TEST_ACPI_BYTES_H

/* A table that grows; its length and checksum are set by seal(). */
struct bytes {
	uint8_t data[512];
	size_t size;
};

static inline void bytes_add(struct bytes *b, const void *data, size_t size)
{
	assert_true(b->size + size <= sizeof(b->data));
	memcpy(b->data + b->size, data, size);
	b->size += size;
}
#define ADD(b, ...) \
	bytes_add(b, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static inline void seal(struct bytes *b)
{
	uint8_t total = 0;
	size_t i;

	b->data[4] = (uint8_t)b->size;
	b->data[5] = (uint8_t)(b->size >> 8);
	b->data[9] = 0;
	for (i = 0; i < b->size; i++)
		total = (uint8_t)(total + b->data[i]);
	b->data[9] = (uint8_t)-total;
}

#endif
