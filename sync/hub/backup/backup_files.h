/* Files and folders of backups: copied whole and synced, removed, moved. */
#ifndef SYNC_HUB_BACKUP_BACKUP_FILES_H
#define SYNC_HUB_BACKUP_BACKUP_FILES_H

#include "kiosk/base/error.h"

/* Copies the bytes of a file of any size into a new one, mode 0600, synced. ERR_EXISTS, ERR_NOT_FOUND, ERR_FULL. What
 * was begun and failed is removed. */
enum err backup_copy_file(const char *from, const char *to, struct error *e) MUST_CHECK;
/* The same with every plain file of a folder; the copy appears under its name when it is whole. */
enum err backup_copy_folder(const char *from, const char *to, struct error *e) MUST_CHECK;
/* Makes the file and the name of it durable. */
enum err backup_sync_file(const char *path, struct error *e) MUST_CHECK;
enum err backup_sync_folder(const char *path, struct error *e) MUST_CHECK;
/* Removes the plain files in it and the folder; one that is not there is fine. */
enum err backup_remove_folder(const char *path, struct error *e) MUST_CHECK;
/* Where the keys that belong to a copy lie, if any: beside it, ".keys" in place of ".db". */
void backup_keys_path(char out[4096], const char *file);

#endif
