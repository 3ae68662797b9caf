package io.runnel.region.server.control;

import io.runnel.exec.task.AccountId;
import io.runnel.routing.api.Api;
import io.runnel.routing.api.ApiDocument;
import io.runnel.routing.api.ApiDocumentException;
import io.runnel.routing.catalog.ApiRevisionRecord;
import io.runnel.routing.catalog.PackedText;

import java.util.Optional;

/** Documents of APIs, read where what blocks is: a large one takes its time. */
final class ApiDocuments {
    /** With the rest of its record it must be no longer than feeds take. */
    static final int MOST_PACKED = 240 * 1024;

    private static final int MOST_BYTES = 3 * Api.MOST_CHARACTERS;

    private ApiDocuments() {}

    /**
     * A document that is one, and may be kept.
     *
     * @param packed as it is kept
     */
    record Checked(Api api, PackedText packed) {}

    /** Checks what an account brings; the first flaw is told by its place. */
    static Checked check(String document, AccountId owner) {
        try {
            String compact = ApiDocument.compact(document);
            Api api = ApiDocument.read(compact, owner);
            PackedText packed = PackedText.of(compact);
            if (packed.packed().length() > MOST_PACKED) {
                throw RefusedException.invalid(
                        "document",
                        "must be at most %d characters when it is packed".formatted(MOST_PACKED));
            }
            return new Checked(api, packed);
        } catch (ApiDocumentException e) {
            throw RefusedException.invalid(place(e), e.getMessage());
        }
    }

    /** A flaw of the whole has no pointer. */
    private static String place(ApiDocumentException flaw) {
        return flaw.pointer().isEmpty() ? "document" : flaw.pointer();
    }

    /** The document of a revision, as it is kept. */
    static String text(ApiRevisionRecord revision) {
        return revision.document().text(MOST_BYTES);
    }

    /** What a revision that is kept says; empty if it cannot be read here. */
    static Optional<Api> read(ApiRevisionRecord revision) {
        try {
            return Optional.of(ApiDocument.read(text(revision), revision.api().account()));
        } catch (ApiDocumentException | IllegalArgumentException e) {
            // Written by a newer peer, or under other rules.
            return Optional.empty();
        }
    }
}
