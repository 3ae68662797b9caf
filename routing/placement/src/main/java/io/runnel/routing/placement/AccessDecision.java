package io.runnel.routing.placement;

import io.runnel.exec.task.Caller;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Whether a caller may call a task. */
public sealed interface AccessDecision {
    /**
     * It may.
     *
     * @param version the one to run, bound to where the grant lets it run
     * @param canary by which alias, if some of its calls go to another version
     * @param grant that says so, where the task is another account's and not everyone's
     * @param stale for how long at least nobody confirmed this, if longer than usual: what {@code
     *     Runnel-Stale} says
     * @param parameters what the name sets by which it is called, if that is one of the caller's
     *     own
     * @param by how it is called, if not by its name alone: by names of the caller's own, and an
     *     alias of the task's, as {@code pay>charge-eu@stable}
     */
    record Allowed(
            TaskRecord task,
            VersionRecord version,
            Optional<CanaryCall> canary,
            Caller caller,
            Optional<GrantRecord> grant,
            Optional<Duration> stale,
            CallParameters parameters,
            Optional<String> by)
            implements AccessDecision {
        /** The same, called by a name of the caller's own. */
        Allowed called(CalledName name) {
            String whole = name.by() + by.orElse("");
            return new Allowed(
                    task,
                    version,
                    canary,
                    caller,
                    grant,
                    stale,
                    name.parameters(),
                    Optional.of(whole));
        }
    }

    /** No such account, no such task, or not for this caller: one answer for all. */
    record NotFound() implements AccessDecision {}

    /** Bad credentials, whatever they were for. */
    record Unauthenticated() implements AccessDecision {}

    /**
     * It may not, and may know of the task: it holds or held a grant there. Or it is not at all.
     */
    record Denied(Why why) implements AccessDecision {}

    /** It might, but nobody has confirmed for too long that it still may. */
    record TooStale() implements AccessDecision {}

    /** Why a caller may not. */
    enum Why {
        /** The caller's own account may do nothing now. */
        SUSPENDED("Your account is suspended or closed."),
        /** The key is not for calling this task. */
        KEY_SCOPE("Your key may not be used to call this task."),
        /** What said that it may, holds no more. */
        REVOKED("Your grant was withdrawn."),
        /** The API is shown to everybody, but this route of it is not for this caller. */
        NOT_GRANTED("Your account has no grant for this route."),
        /** A grant says that it may not. */
        GRANT_DENIES("A grant denies you this call."),
        /** A grant says that it may, but not now, not so, or not from there. */
        TERMS("Your grant does not allow this call: its terms are not met."),
        /** A grant says that it may, once its account agrees to what the owner asks for. */
        NOT_AGREED("Your account has not agreed to what the owner of the task asks for."),
        /** Of an API, whose owner may not call the task of this route. */
        API_BROKEN("The owner of the API may not call the task of this route any more."),
        /** The caller's own name for the call leads to no task. */
        ALIAS_LOST("Your alias leads in a circle, or over more than four aliases.");

        private final String sentence;

        Why(String sentence) {
            this.sentence = sentence;
        }

        /** For the caller's eyes. */
        public String sentence() {
            return sentence;
        }

        /** As it stands in logs: {@code key-scope}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
