package io.runnel.region.server.control;

import io.runnel.exec.task.Qualifier;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.VersionRecord;

import java.util.Optional;

/**
 * Which version of a function a request is about, by its path or its query.
 *
 * @param text empty for what is live
 */
record FunctionQualifier(String text) {
    static FunctionQualifier of(Call call) {
        Optional<String> inPath = Optional.ofNullable(call.values().get(FunctionPath.QUALIFIER));
        Optional<String> asked = call.query("Qualifier").filter(text -> !text.isEmpty());
        if (inPath.isPresent() && asked.isPresent() && !inPath.equals(asked)) {
            throw RefusedException.invalid("Qualifier", "is another one than that of the name");
        }
        return new FunctionQualifier(
                asked.or(() -> inPath)
                        .filter(text -> !text.equals(FunctionConfiguration.LATEST))
                        .orElse(""));
    }

    boolean isLatest() {
        return text.isEmpty();
    }

    /**
     * Refuses a request that is about one version, where all of them are alike.
     *
     * @param rule what is so instead
     */
    static void requireNone(Call call, String rule) {
        if (!of(call).isLatest()) {
            throw RefusedException.invalid("Qualifier", rule);
        }
    }

    /** As tasks have it; none for what is live. */
    Qualifier qualifier() {
        return isLatest()
                ? Qualifier.NONE
                : Qualifier.parse(text)
                        .orElseThrow(() -> new RefusedException(ControlError.VERSION_NOT_FOUND));
    }

    /** The version that it means now. */
    VersionRecord version(Call call) {
        TaskOperations.task(call, call.catalog());
        Qualifier wanted = qualifier();
        Optional<VersionRecord> found;
        if (wanted.version() > 0) {
            found = call.catalog().version(call.task(), wanted.version());
        } else if (wanted.alias().isEmpty() || wanted.alias().equals(AliasRecord.LIVE)) {
            found = call.catalog().live(call.task());
        } else {
            found =
                    call.catalog()
                            .alias(call.task(), wanted.alias())
                            .flatMap(
                                    alias ->
                                            call.catalog()
                                                    .version(call.task(), alias.value().version()));
        }
        return found.orElseThrow(() -> new RefusedException(ControlError.VERSION_NOT_FOUND));
    }
}
