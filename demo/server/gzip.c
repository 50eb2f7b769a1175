/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "gzip.h"

#define BLOCK_SIZE (64 * 1024)

/* Each further level takes longer, and saves little of what JSON is made of. */
#define LEVEL 1

static gboolean
check_size (gsize    size,
            gsize    max_size,
            GError **error)
{
  if (size <= max_size)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
               "Unpacked, it has more than %" G_GSIZE_FORMAT " bytes", max_size);

  return FALSE;
}

/* Nothing may be left over, and nothing may be missing. */
static GBytes *
convert (GConverter  *converter,
         GBytes      *bytes,
         gsize        max_size,
         GError     **error)
{
  g_autoptr(GByteArray) result = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (BLOCK_SIZE);
  GConverterResult state = G_CONVERTER_CONVERTED;
  gsize size, n_read, n_written;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  while (state != G_CONVERTER_FINISHED)
    {
      state = g_converter_convert (converter, data, size, block, BLOCK_SIZE,
                                   G_CONVERTER_INPUT_AT_END, &n_read, &n_written, error);
      if (state == G_CONVERTER_ERROR)
        return NULL;

      data += n_read;
      size -= n_read;
      if (!check_size (result->len + n_written, max_size, error))
        return NULL;

      g_byte_array_append (result, block, n_written);
    }

  if (size != 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "There is something behind the compressed data");
      return NULL;
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&result));
}

/* The same bytes each time, as the strong tag of the result promises. */
GBytes *
demo_gzip_pack (GBytes  *bytes,
                GError **error)
{
  g_autoptr(GZlibCompressor) compressor =
    g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, LEVEL);

  return convert (G_CONVERTER (compressor), bytes, G_MAXUINT, error);
}

GBytes *
demo_gzip_unpack (GBytes  *bytes,
                  gsize    max_size,
                  GError **error)
{
  g_autoptr(GZlibDecompressor) decompressor =
    g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);

  return convert (G_CONVERTER (decompressor), bytes, max_size, error);
}
