package io.runnel.routing.catalog;

/** What one record of the change feed says, once it is understood. */
public sealed interface CatalogRecord
        permits AccountRecord,
                KeyRecord,
                VersionRecord,
                TaskRecord,
                GrantRecord,
                AliasRecord,
                CallerAliasRecord,
                AgreementRecord,
                ScheduleRecord,
                ApiRecord,
                ApiRevisionRecord,
                TrustRecord {
    /** What it is about. */
    RecordKind kind();

    /** Which one: unique within its kind. */
    String key();
}
