package io.runnel.region.server.control;

import io.runnel.cluster.store.Draft;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountApis;
import io.runnel.routing.catalog.ApiRecord;
import io.runnel.routing.catalog.ApiRevisionRecord;
import io.runnel.routing.catalog.PackedText;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.Stamped;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is written for an API's next revision: the revision, the oldest that goes for it, and last
 * the API itself. Pure.
 *
 * @param after the API
 */
record ApiWrite(ApiRecord after, ApiRevisionRecord revision, Optional<ApiRevisionRecord> gone) {
    static final int MOST_APIS = 100;

    /**
     * Of one API; past it the oldest that no stage has, or goes back to, goes with each new one.
     */
    static final int MOST_REVISIONS = 10;

    /** Of an account's documents together, packed. */
    static final int MOST_PACKED = 4 * 1024 * 1024;

    /**
     * Decides it.
     *
     * @param before what the account has
     * @param name of the API
     * @throws RefusedException if there are as many as there may be of something
     */
    static ApiWrite next(
            AccountApis before, TaskRef name, String stage, PackedText document, Instant now) {
        Optional<ApiRecord> there = before.api(name.name()).map(Stamped::value);
        if (there.isEmpty() && before.all().size() >= MOST_APIS) {
            throw AccountOperations.limit("APIs of an account", MOST_APIS);
        }
        int number = there.map(ApiRecord::newest).orElse(0) + 1;
        ApiRecord numbered =
                there.map(ApiRecord::withNext)
                        .orElseGet(() -> new ApiRecord(name, number, Map.of()));
        ApiRecord after = staged(numbered, stage, number);
        ApiRevisionRecord revision = new ApiRevisionRecord(name, number, now, document);
        Optional<ApiRevisionRecord> gone = gone(before.revisions(name.name()), after);
        requireRoom(before, revision, gone);
        return new ApiWrite(after, revision, gone);
    }

    /** An API with this revision in a stage, which may be a new one. */
    static ApiRecord staged(ApiRecord api, String stage, int revision) {
        if (!api.stages().containsKey(stage) && api.stages().size() >= ApiRecord.MOST_STAGES) {
            throw AccountOperations.limit("stages of an API", ApiRecord.MOST_STAGES);
        }
        return api.with(stage, revision);
    }

    private static Optional<ApiRevisionRecord> gone(List<ApiRevisionRecord> kept, ApiRecord after) {
        if (kept.size() < MOST_REVISIONS) {
            return Optional.empty();
        }
        return Optional.of(
                kept.stream()
                        .filter(one -> !after.isHeld(one.revision()))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        AccountOperations.limit(
                                                "revisions of an API that stages have or go back"
                                                        + " to",
                                                MOST_REVISIONS)));
    }

    private static void requireRoom(
            AccountApis before, ApiRevisionRecord next, Optional<ApiRevisionRecord> gone) {
        long kept =
                before.all().stream()
                        .flatMap(api -> before.revisions(api.value().name().name()).stream())
                        .mapToLong(ApiWrite::size)
                        .sum();
        long after = kept + size(next) - gone.map(ApiWrite::size).orElse(0L);
        if (after > MOST_PACKED) {
            throw new RefusedException(
                    ControlError.LIMIT_REACHED,
                    "documents of an account's APIs may have %d bytes packed, and with this they"
                                    .formatted(MOST_PACKED)
                            + " would have "
                            + after);
        }
    }

    private static long size(ApiRevisionRecord revision) {
        return revision.document().packed().length();
    }

    /** All of it, what is named before what names it. */
    List<Draft> drafts() {
        List<Draft> drafts = new ArrayList<>(List.of(Draft.of(revision)));
        gone.map(one -> Draft.deletion(RecordKind.API_REVISION, one.key())).ifPresent(drafts::add);
        drafts.add(Draft.of(after));
        return drafts;
    }
}
