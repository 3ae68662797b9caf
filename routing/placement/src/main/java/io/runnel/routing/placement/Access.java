package io.runnel.routing.placement;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.Contacts;
import io.runnel.routing.catalog.TaskRecord;

import java.time.Duration;
import java.util.Optional;

/**
 * Decides who may call what, from a node's catalog alone.
 *
 * <p>An unknown account, an unknown task and somebody else's private task get the same answer, so
 * that names cannot be probed. A task for everyone is served however long ago its account's home
 * region confirmed it, unless it was deployed with a limit; a private one for five minutes, since
 * its keys may have been withdrawn. A node that was never confirmed since it started has nothing
 * but what an earlier run noted of how old its catalog is: good enough to say, by a clock that may
 * have been set meanwhile, not to serve private tasks by, nor those with a limit.
 *
 * <p>Pure. Any thread.
 *
 * @param startedNanos when the node started, on the nano clock of all later calls
 * @param earlier when regions confirmed last in an earlier run, on the same clock
 */
public record Access(long startedNanos, Contacts earlier) {
    /** How long a private task is served after the last confirmation. */
    public static final Duration PRIVATE_FOR = Duration.ofMinutes(5);

    /** Regions confirm every second; from this age on callers are told. */
    public static final Duration USUAL_AGE = Duration.ofSeconds(5);

    private static final AccessDecision NOT_FOUND = new AccessDecision.NotFound();
    private static final AccessDecision UNAUTHENTICATED = new AccessDecision.Unauthenticated();
    private static final AccessDecision TOO_STALE = new AccessDecision.TooStale();

    /** Of a node of which no earlier run is known. */
    public Access(long startedNanos) {
        this(startedNanos, Contacts.NONE);
    }

    /** Whether the caller that was proved may call this task now. */
    public AccessDecision decide(
            Catalog catalog, Contacts contacts, long nowNanos, Proof proof, TaskRef ref) {
        return switch (proof) {
            case Proof.Bad _ -> UNAUTHENTICATED;
            case Proof.Proved(Caller caller) -> {
                Optional<Catalog.Standing> found =
                        catalog.standing(ref).filter(it -> mayCall(caller, it.task()));
                yield found.isEmpty() ? NOT_FOUND : decide(found.get(), contacts, nowNanos, caller);
            }
        };
    }

    private AccessDecision decide(
            Catalog.Standing it, Contacts contacts, long nowNanos, Caller caller) {
        RegionId home = it.account().home();
        Optional<Duration> age = contacts.since(home, nowNanos);
        return isTooOld(it.task(), age)
                ? TOO_STALE
                : new AccessDecision.Allowed(
                        it.task(), it.live(), caller, stale(home, age, nowNanos));
    }

    private static boolean mayCall(Caller caller, TaskRecord task) {
        return task.everyone()
                || switch (caller) {
                    case Caller.Anonymous _ -> false;
                    case Caller.Keyed(AccountId account, String _) ->
                            account.equals(task.ref().account());
                };
    }

    private static boolean isTooOld(TaskRecord task, Optional<Duration> age) {
        boolean limited = task.maxStale().isPresent() || !task.everyone();
        if (age.isEmpty()) {
            return limited;
        }
        return task.maxStale().filter(most -> age.get().compareTo(most) > 0).isPresent()
                || (!task.everyone() && age.get().compareTo(PRIVATE_FOR) > 0);
    }

    private Optional<Duration> stale(RegionId home, Optional<Duration> age, long nowNanos) {
        if (age.isEmpty()) {
            return earlier.since(home, nowNanos)
                    .or(() -> Optional.of(Duration.ofNanos(nowNanos - startedNanos)));
        }
        return age.filter(a -> a.compareTo(USUAL_AGE) > 0);
    }
}
