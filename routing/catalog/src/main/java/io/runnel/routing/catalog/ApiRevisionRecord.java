package io.runnel.routing.catalog;

import io.runnel.exec.task.TaskRef;

import java.time.Instant;

/**
 * One revision of an API: its document, which never changes.
 *
 * @param api by its name
 * @param revision 1 and up
 * @param created when, to the millisecond
 * @param document the OpenAPI document, as its owner gave it
 */
public record ApiRevisionRecord(TaskRef api, int revision, Instant created, PackedText document)
        implements CatalogRecord {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the revision is none
     */
    public ApiRevisionRecord {
        if (revision < 1) {
            throw new IllegalArgumentException("revision must be 1 or more: " + revision);
        }
    }

    @Override
    public RecordKind kind() {
        return RecordKind.API_REVISION;
    }

    /** {@code demo/shop@3}. */
    @Override
    public String key() {
        return api + "@" + revision;
    }
}
