/*
 * Copyright 2026 The libtstore authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "tst-storage-persister.h"

#include "tst-storage-medium-private.h"

/**
 * TstStoragePersister:
 *
 * Keeps a store in an item of a [class@Storage], as JSON text: what
 * [class@LocalPersister] and [class@SessionPersister] have in common.
 *
 * Several persisters, in one process or several, may share an item: each notices
 * within milliseconds what the others have saved, and merges instead of overwriting.
 * Everybody else who sets the item, or uses its file with GSettings, is noticed by
 * its content. Items under different names do not get in each other's way.
 *
 * An item whose file is damaged, or that is not the content of a store, is never
 * overwritten: before it is replaced, its file gets a second name that ends with
 * `.corrupt-` and a part of its digest.
 *
 * Since: 0.1
 */

typedef struct
{
  TstStorage       *storage;  /* (nullable), construct-only: what was given */
  char             *name;     /* construct-only */
  TstStorageMedium *medium;   /* owned by the parent */
  TstItemWatch     *watch;    /* (nullable): while listening */
} TstStoragePersisterPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TstStoragePersister, tst_storage_persister, TST_TYPE_PERSISTER)

enum
{
  PROP_0,
  PROP_STORAGE,
  PROP_NAME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static TstStoragePersisterPrivate *
get_private (gpointer self)
{
  return tst_storage_persister_get_instance_private (self);
}

static void
item_changed_cb (gpointer user_data)
{
  tst_persister_notify_changed (user_data, NULL);
}

static gboolean
tst_storage_persister_start_listening (TstPersister  *persister,
                                       GError       **error)
{
  TstStoragePersisterPrivate *priv = get_private (persister);
  TstStorage *storage = tst_storage_medium_get_storage (priv->medium, error);

  if (storage == NULL)
    return FALSE;

  priv->watch = tst_item_watch_new (storage, priv->name, item_changed_cb, persister);

  return TRUE;
}

static void
tst_storage_persister_stop_listening (TstPersister *persister)
{
  g_clear_pointer (&get_private (persister)->watch, tst_item_watch_free);
}

static void
tst_storage_persister_constructed (GObject *object)
{
  TstStoragePersisterPrivate *priv = get_private (object);

  G_OBJECT_CLASS (tst_storage_persister_parent_class)->constructed (object);

  priv->medium = tst_storage_medium_new (priv->storage,
                                         TST_STORAGE_PERSISTER_GET_CLASS (object)->find_storage,
                                         priv->name);
  tst_persister_set_medium (TST_PERSISTER (object), tst_storage_medium_perform, priv->medium,
                            (GDestroyNotify) tst_storage_medium_free);
}

static void
tst_storage_persister_finalize (GObject *object)
{
  TstStoragePersisterPrivate *priv = get_private (object);

  g_clear_pointer (&priv->watch, tst_item_watch_free);
  g_clear_object (&priv->storage);
  g_free (priv->name);

  G_OBJECT_CLASS (tst_storage_persister_parent_class)->finalize (object);
}

static void
tst_storage_persister_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  TstStoragePersister *self = TST_STORAGE_PERSISTER (object);

  switch (prop_id)
    {
    case PROP_STORAGE:
      g_value_set_object (value, tst_storage_persister_get_storage (self));
      break;
    case PROP_NAME:
      g_value_set_string (value, tst_storage_persister_get_name (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
tst_storage_persister_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  TstStoragePersisterPrivate *priv = get_private (object);

  switch (prop_id)
    {
    case PROP_STORAGE:
      priv->storage = g_value_dup_object (value);
      break;
    case PROP_NAME:
      priv->name = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      break;
    }
}

static void
tst_storage_persister_class_init (TstStoragePersisterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  TstPersisterClass *persister_class = TST_PERSISTER_CLASS (klass);

  object_class->constructed = tst_storage_persister_constructed;
  object_class->finalize = tst_storage_persister_finalize;
  object_class->get_property = tst_storage_persister_get_property;
  object_class->set_property = tst_storage_persister_set_property;

  persister_class->start_listening = tst_storage_persister_start_listening;
  persister_class->stop_listening = tst_storage_persister_stop_listening;

  /**
   * TstStoragePersister:storage: (getter get_storage)
   *
   * The storage.
   *
   * If it is `NULL` when the persister is made, it is that of the application that
   * runs when the persister first needs it. If there is none, loading and saving
   * fail with `G_IO_ERROR_NOT_FOUND`.
   *
   * Since: 0.1
   */
  properties[PROP_STORAGE] =
    g_param_spec_object ("storage", NULL, NULL, TST_TYPE_STORAGE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * TstStoragePersister:name: (getter get_name)
   *
   * The key of the item.
   *
   * Since: 0.1
   */
  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, "",
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tst_storage_persister_init (TstStoragePersister *self)
{
}

/**
 * tst_storage_persister_get_storage: (get-property storage)
 * @self: a persister
 *
 * Returns the storage.
 *
 * Returns: (transfer none) (nullable): the storage, or `NULL` if it is that of the
 *   application, and was not needed yet
 *
 * Since: 0.1
 */
TstStorage *
tst_storage_persister_get_storage (TstStoragePersister *self)
{
  g_return_val_if_fail (TST_IS_STORAGE_PERSISTER (self), NULL);

  return tst_storage_medium_peek_storage (get_private (self)->medium);
}

/**
 * tst_storage_persister_get_name: (get-property name)
 * @self: a persister
 *
 * Returns the key of the item.
 *
 * Returns: the key
 *
 * Since: 0.1
 */
const char *
tst_storage_persister_get_name (TstStoragePersister *self)
{
  g_return_val_if_fail (TST_IS_STORAGE_PERSISTER (self), NULL);

  return get_private (self)->name;
}
