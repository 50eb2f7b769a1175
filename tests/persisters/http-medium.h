/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "suite.h"

G_BEGIN_DECLS

/* An HTTP server with one resource, in this process and on its main loop. */

typedef enum
{
  HTTP_POLLED          = 1 << 0,  /* does not tell of changes by itself */
  HTTP_NO_TAGS         = 1 << 1,  /* neither ETag nor Last-Modified */
  HTTP_WEAK            = 1 << 2,  /* nothing but weak tags */
  HTTP_WEAK_AT_FIRST   = 1 << 3,  /* weak until it is told to be strong */
  HTTP_SECONDS         = 1 << 4,  /* tags of the time in seconds and the size */
  HTTP_NO_CONDITIONS   = 1 << 5,  /* ignores preconditions of saving */
  HTTP_NO_TAG_ON_SAVE  = 1 << 6,  /* does not say which tag a save got */
  HTTP_POST_ELSEWHERE  = 1 << 7,  /* saved by POST, to another address */
  HTTP_NO_HEAD         = 1 << 8,
  HTTP_2               = 1 << 9,  /* offers HTTP/2 if it is https */
} HttpFlags;

typedef struct _HttpPlace HttpPlace;

/* Does something else than answering. Returns whether it did. */
typedef gboolean (*HttpFault) (HttpPlace         *place,
                               SoupServerMessage *message,
                               const char        *method);

struct _HttpPlace
{
  SoupServer *server;
  HttpFlags   flags;
  char       *uri;
  char       *save_uri;

  GBytes     *text;          /* (nullable): nothing is there */
  guint       version;
  gboolean    unreadable;
  guint       poll_interval; /* of the persisters */
  guint       timeout;       /* of them; 0: as it is */

  GPtrArray  *streams;       /* of SoupServerMessage */
  gboolean    no_streams;
  gboolean    silent_streams; /* they do not begin until something is told */
  GPtrArray  *stolen;        /* of GIOStream: connections that a fault has taken */
  GString    *log;           /* the methods that were asked for, by their first letter */
  gboolean    is_strong;     /* HTTP_WEAK_AT_FIRST: is told to */
  SoupHTTPVersion version_of_events;
  SoupHTTPVersion version_of_others;

  HttpFault   fault;         /* (nullable) */
  guint       n_faults;      /* so often */
  gpointer    fault_data;
  guint       n_matches;     /* saves with If-Match */
};

extern const Medium http_medium;
extern const Medium http_polled_medium;
extern const Medium http_no_tags_medium;
extern const Medium http_weak_medium;
extern const Medium http_no_conditions_medium;
extern const Medium http_no_tag_on_save_medium;
extern const Medium http_post_medium;

/* certificate (nullable): then it is https. */
HttpPlace    *http_place_new           (HttpFlags          flags,
                                        GTlsCertificate   *certificate);
void          http_place_free          (HttpPlace         *place);
TstPersister *http_place_persister     (HttpPlace         *place,
                                        TstStore          *store);

/* What somebody else does; text NULL removes it. */
void          http_place_write_quietly (HttpPlace         *place,
                                        const char        *text);
void          http_place_write         (HttpPlace         *place,
                                        const char        *text);
gboolean      http_place_has           (HttpPlace         *place,
                                        const char        *text);
/* Tells those who listen; text NULL: of the version that is there. */
void          http_place_tell          (HttpPlace         *place,
                                        const char        *text);
void          http_place_end_streams   (HttpPlace         *place);
char         *http_place_tag           (HttpPlace         *place);

/* The next n messages are answered by @fault. */
void          http_place_set_fault     (HttpPlace         *place,
                                        HttpFault          fault,
                                        guint              n_faults,
                                        gpointer           fault_data);
/* Saves or reads as if there was no fault. */
void          http_place_answer        (HttpPlace         *place,
                                        SoupServerMessage *message,
                                        const char        *method);
/* Sends these bytes, whatever they are, and nothing else. */
void          http_place_send_raw      (HttpPlace         *place,
                                        SoupServerMessage *message,
                                        const char        *bytes,
                                        gsize              length,
                                        gboolean           close);

G_END_DECLS
