package io.runnel.routing.placement;

import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.Contacts;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.KeyRecord;
import io.runnel.routing.catalog.KeyRights;
import io.runnel.routing.catalog.KeyScope;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.placement.AccessDecision.Why;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Decides who may call what, from a node's catalog alone.
 *
 * <p>An account may call its own tasks, those for everyone, and those of others that a grant lets
 * it call and none denies it; it may name them by a {@linkplain CalledName name of its own}, which
 * lets it call nothing else. An unknown account, an unknown task and somebody else's private task
 * get the same answer, so that names cannot be probed. A task for everyone is served however long
 * ago its account's home region confirmed it, unless it was deployed with a limit; a private one
 * for five minutes, or as long as the grant says that allows the call, since keys and grants may
 * have been withdrawn. A node that was never confirmed since it started has nothing but what an
 * earlier run noted of how old its catalog is: good enough to say, by a clock that may have been
 * set meanwhile, not to serve private tasks by, nor those with a limit.
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

    static final AccessDecision NOT_FOUND = new AccessDecision.NotFound();
    static final AccessDecision UNAUTHENTICATED = new AccessDecision.Unauthenticated();
    static final AccessDecision TOO_STALE = new AccessDecision.TooStale();

    /** Of a node of which no earlier run is known. */
    public Access(long startedNanos) {
        this(startedNanos, Contacts.NONE);
    }

    /** Whether the caller that was proved may make this call now. */
    public AccessDecision decide(
            Catalog catalog, Contacts contacts, long nowNanos, Proof proof, AccessRequest request) {
        return switch (proof) {
            case Proof.Bad _ -> UNAUTHENTICATED;
            case Proof.Owner _ ->
                    standing(catalog, request)
                            .map(it -> byNobody(catalog, contacts, nowNanos, it, request))
                            .orElse(NOT_FOUND);
            case Proof.Proved(Caller.Anonymous _) ->
                    standing(catalog, request)
                            .filter(it -> it.task().everyone())
                            .map(it -> byNobody(catalog, contacts, nowNanos, it, request))
                            .orElse(NOT_FOUND);
            case Proof.Proved(Caller.Keyed caller) ->
                    decide(catalog, contacts, nowNanos, caller, request);
        };
    }

    /** Without a key, by what the task itself allows. */
    private AccessDecision byNobody(
            Catalog catalog,
            Contacts contacts,
            long nowNanos,
            Catalog.Standing it,
            AccessRequest request) {
        Ages ages = ages(it, Optional.empty(), contacts, nowNanos);
        return decide(catalog, it, Caller.ANONYMOUS, Optional.empty(), ages, request);
    }

    private AccessDecision decide(
            Catalog catalog,
            Contacts contacts,
            long nowNanos,
            Caller.Keyed caller,
            AccessRequest request) {
        Optional<AccessDecision> refused = refused(catalog, caller, request);
        if (refused.isPresent()) {
            return refused.get();
        }
        Optional<AccountRecord> account = catalog.account(caller.account());
        Optional<Catalog.Standing> found = standing(catalog, request);
        if (found.isPresent()) {
            Ages ages = ages(found.get(), account, contacts, nowNanos);
            return decide(catalog, found.get(), caller, ages, request);
        }
        return caller.account().equals(request.task().account())
                ? byAlias(catalog, contacts, nowNanos, caller, account, request)
                : NOT_FOUND;
    }

    /** Why a caller may call nothing by this name, whatever it is; empty if it depends. */
    static Optional<AccessDecision> refused(
            Catalog catalog, Caller.Keyed caller, AccessRequest request) {
        Optional<KeyRights> rights = catalog.key(caller.keyId()).map(KeyRecord::rights);
        Optional<AccountRecord> account = catalog.account(caller.account());
        if (account.isEmpty() || rights.filter(r -> r.holdAt(request.epochMillis())).isEmpty()) {
            return Optional.of(UNAUTHENTICATED);
        }
        if (!account.get().isActive()) {
            return Optional.of(new AccessDecision.Denied(Why.SUSPENDED));
        }
        return rights.get().allow(KeyScope.INVOKE, request.task())
                ? Optional.empty()
                : Optional.of(new AccessDecision.Denied(Why.KEY_SCOPE));
    }

    static Optional<Catalog.Standing> standing(Catalog catalog, AccessRequest request) {
        return catalog.standing(request.task()).filter(it -> it.account().isActive());
    }

    /** By a name of the caller's own for what may be somebody else's. */
    private AccessDecision byAlias(
            Catalog catalog,
            Contacts contacts,
            long nowNanos,
            Caller.Keyed caller,
            Optional<AccountRecord> account,
            AccessRequest request) {
        Optional<CalledName> called;
        try {
            called = CalledName.of(catalog, request.task(), request.named());
        } catch (CalledName.LostException e) {
            return new AccessDecision.Denied(Why.ALIAS_LOST);
        }
        if (called.isEmpty()) {
            return NOT_FOUND;
        }
        AccessRequest meant = request.of(called.get().task(), called.get().version());
        Optional<Catalog.Standing> found = standing(catalog, meant);
        if (found.isEmpty()) {
            return NOT_FOUND;
        }
        Ages ages = ages(found.get(), account, contacts, nowNanos);
        AccessDecision decision = decide(catalog, found.get(), caller, ages, meant);
        return decision instanceof AccessDecision.Allowed allowed
                ? allowed.called(called.get())
                : decision;
    }

    private AccessDecision decide(
            Catalog catalog,
            Catalog.Standing it,
            Caller.Keyed caller,
            Ages ages,
            AccessRequest request) {
        if (caller.account().equals(request.task().account())) {
            return decide(catalog, it, caller, Optional.empty(), ages, request);
        }
        GrantCheck grants = GrantCheck.of(catalog, caller.account(), request);
        if (grants.isDenied() || (!it.task().everyone() && grants.allowing().isEmpty())) {
            return grants.why().<AccessDecision>map(AccessDecision.Denied::new).orElse(NOT_FOUND);
        }
        Optional<GrantRecord> by = it.task().everyone() ? Optional.empty() : grants.allowing();
        return decide(catalog, it, caller, by, ages, request);
    }

    private AccessDecision decide(
            Catalog catalog,
            Catalog.Standing it,
            Caller caller,
            Optional<GrantRecord> by,
            Ages ages,
            AccessRequest request) {
        Optional<AliasChoice> choice = AliasChoice.of(catalog, it, request);
        if (choice.isEmpty()) {
            return NOT_FOUND;
        }
        List<RegionId> regions = by.map(grant -> grant.terms().regions()).orElse(List.of());
        Optional<VersionRecord> version = choice.get().version().within(regions);
        if (version.isEmpty()) {
            return new AccessDecision.Denied(Why.TERMS);
        }
        return isTooOld(it.task(), by, ages)
                ? TOO_STALE
                : new AccessDecision.Allowed(
                        it.task(),
                        version.get(),
                        choice.get().canary(),
                        caller,
                        by,
                        ages.told(),
                        CallParameters.NONE,
                        byAlias(request.named()));
    }

    static Optional<String> byAlias(Qualifier named) {
        return named.alias().isEmpty() ? Optional.empty() : Optional.of("@" + named.alias());
    }

    /**
     * How long ago was confirmed what a call is allowed by; empty for never.
     *
     * @param owner of the task and its grants
     * @param caller of the caller's key
     * @param told what the caller is told of it
     */
    private record Ages(
            Optional<Duration> owner, Optional<Duration> caller, Optional<Duration> told) {

        /** Whether nobody confirmed within this time. */
        boolean areBeyond(Duration most) {
            return isBeyond(owner, most) || isBeyond(caller, most);
        }
    }

    /** Whether nobody confirmed within this time what is so old; empty for never. */
    static boolean isBeyond(Optional<Duration> age, Duration most) {
        return age.isEmpty() || age.get().compareTo(most) > 0;
    }

    private Ages ages(
            Catalog.Standing it, Optional<AccountRecord> caller, Contacts contacts, long nowNanos) {
        RegionId home = it.account().home();
        Optional<Duration> age = contacts.since(home, nowNanos);
        RegionId other = caller.map(AccountRecord::home).orElse(home);
        return new Ages(
                age,
                other.equals(home) ? age : contacts.since(other, nowNanos),
                stale(home, age, nowNanos));
    }

    private static boolean isTooOld(TaskRecord task, Optional<GrantRecord> by, Ages ages) {
        boolean byTask = task.maxStale().filter(most -> isBeyond(ages.owner(), most)).isPresent();
        if (byTask || task.everyone()) {
            return byTask;
        }
        Duration most = by.flatMap(grant -> grant.terms().maxStale()).orElse(PRIVATE_FOR);
        return ages.areBeyond(most);
    }

    /** What callers are told of how long ago this region confirmed; empty if that is usual. */
    Optional<Duration> stale(RegionId home, Optional<Duration> age, long nowNanos) {
        if (age.isEmpty()) {
            return earlier.since(home, nowNanos)
                    .or(() -> Optional.of(Duration.ofNanos(nowNanos - startedNanos)));
        }
        return age.filter(a -> a.compareTo(USUAL_AGE) > 0);
    }
}
