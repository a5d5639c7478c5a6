/* The database schemas of assets/schema, built in as text. Each is a script for an empty database;
 * the first line of each migration is "-- migration N" (see sql_migrate). */
#ifndef KIOSK_BASE_SCHEMA_H
#define KIOSK_BASE_SCHEMA_H

extern const char schema_replica[];
extern const char schema_ledger[];
extern const char schema_hub[];

#endif
