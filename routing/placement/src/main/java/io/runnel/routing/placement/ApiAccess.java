package io.runnel.routing.placement;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.api.Operation;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.ApiRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.Contacts;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.placement.AccessDecision.Why;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Decides who may call by which route of an API (US10203990: a set of tasks that another account is
 * enabled to call), from a node's catalog alone.
 *
 * <p>Two rights have to stand. The caller's, to call by the route: of the API's owner always; of
 * everybody where the route is open, in the stage that users get; else by a grant of the API's
 * name, that none denies. And the owner's, to call the task of the route: its own, or one that a
 * grant lets it call; so an API gives nobody more than its owner has, and loses what its owner
 * loses. The caller pays, or the API's owner for who shows no key. A grant for no stage in
 * particular is for the one that users get, not for those before it.
 *
 * <p>Pure. Any thread.
 *
 * @param access how tasks are called by their names
 */
public record ApiAccess(Access access) {
    /** What stands behind an API's name where users get what they should. */
    public static final Qualifier LIVE = Qualifier.of(ApiRecord.LIVE);

    /** What a record of use has room for. */
    private static final int MOST_CHAIN = 400;

    private static final Optional<CalledName> NO_NAME = Optional.empty();
    private static final ApiDecision NO_ROUTE = new ApiDecision.NoRoute();
    private static final AccessDecision NOT_GRANTED = new AccessDecision.Denied(Why.NOT_GRANTED);

    /**
     * Whether the caller that was proved may make this call now.
     *
     * @param request by the API's name, and {@link #LIVE} where no other stage or revision is named
     * @param route found in this catalog
     */
    public ApiDecision decide(
            Catalog catalog,
            Contacts contacts,
            long nowNanos,
            Proof proof,
            AccessRequest request,
            CalledRoute route) {
        return switch (proof) {
            case Proof.Bad _ -> refused(Access.UNAUTHENTICATED);
            case Proof.Owner _ -> refused(Access.NOT_FOUND);
            case Proof.Proved(Caller.Anonymous _) -> {
                if (isOpen(request, route)) {
                    yield new Through(catalog, contacts, nowNanos, request, route)
                            .go(Caller.ANONYMOUS, Optional.empty());
                }
                if (!isShown(request, route)) {
                    yield refused(Access.NOT_FOUND);
                }
                yield route.operation().isEmpty() ? NO_ROUTE : refused(Access.UNAUTHENTICATED);
            }
            case Proof.Proved(Caller.Keyed caller) -> {
                Optional<AccessDecision> never = Access.refused(catalog, caller, request);
                yield never.isPresent()
                        ? refused(never.get())
                        : decide(catalog, contacts, nowNanos, caller, request, route);
            }
        };
    }

    private ApiDecision decide(
            Catalog catalog,
            Contacts contacts,
            long nowNanos,
            Caller.Keyed caller,
            AccessRequest request,
            CalledRoute route) {
        boolean isOwner = caller.account().equals(request.task().account());
        boolean isLive = isLive(request);
        if (route.operation().isEmpty()) {
            if (route.api().isEmpty()) {
                return refused(Access.NOT_FOUND);
            }
            GrantCheck any = GrantCheck.of(catalog, caller.account(), request, !isLive);
            return isOwner || isShown(request, route) || any.why().isPresent()
                    ? NO_ROUTE
                    : refused(Access.NOT_FOUND);
        }
        Through through = new Through(catalog, contacts, nowNanos, request, route);
        if (isOwner) {
            return through.go(caller, Optional.empty());
        }
        GrantCheck grants =
                GrantCheck.of(
                        catalog, caller.account(), request.by(through.operation.key()), !isLive);
        boolean open = isOpen(request, route);
        if (grants.isDenied() || (!open && grants.allowing().isEmpty())) {
            return refused(
                    grants.why()
                            .<AccessDecision>map(AccessDecision.Denied::new)
                            .orElse(isShown(request, route) ? NOT_GRANTED : Access.NOT_FOUND));
        }
        return through.go(caller, open ? Optional.empty() : grants.allowing());
    }

    /** Whether everybody may call by it. */
    private static boolean isOpen(AccessRequest request, CalledRoute route) {
        return route.operation().isPresent() && route.operation().get().open() && isLive(request);
    }

    /** Whether everybody may know of the API: by a look at all its routes, when it is asked. */
    private static boolean isShown(AccessRequest request, CalledRoute route) {
        return isLive(request)
                && route.api()
                        .filter(it -> it.operations().stream().anyMatch(Operation::open))
                        .isPresent();
    }

    private static boolean isLive(AccessRequest request) {
        return request.named().equals(LIVE);
    }

    private static ApiDecision refused(AccessDecision decision) {
        return new ApiDecision.Refused(decision);
    }

    private static ApiDecision refused(Why why) {
        return refused(new AccessDecision.Denied(why));
    }

    /** A call that may come by its route, on its way to the task. */
    private final class Through {
        private final Catalog catalog;
        private final Contacts contacts;
        private final long nowNanos;
        private final AccessRequest request;
        private final CalledRoute route;
        private final Operation operation;
        private final AccountId owner;

        Through(
                Catalog catalog,
                Contacts contacts,
                long nowNanos,
                AccessRequest request,
                CalledRoute route) {
            this.catalog = catalog;
            this.contacts = contacts;
            this.nowNanos = nowNanos;
            this.request = request;
            this.route = route;
            this.operation = route.operation().orElseThrow();
            this.owner = request.task().account();
        }

        ApiDecision go(Caller caller, Optional<GrantRecord> by) {
            Optional<CalledRoute.End> known = route.end();
            return known.isPresent() ? called(caller, by, known.get()) : find(caller, by);
        }

        private ApiDecision find(Caller caller, Optional<GrantRecord> by) {
            AccessRequest meant = request.of(operation.task(), operation.version());
            Optional<Catalog.Standing> direct = Access.standing(catalog, meant);
            Optional<AccountRecord> its = its(direct);
            if (its.isEmpty()) {
                return refused(Access.NOT_FOUND);
            }
            if (direct.isPresent()) {
                return reached(caller, by, its.get(), new Target(direct.get(), meant, NO_NAME));
            }
            try {
                return byName(caller, by, its.get(), meant);
            } catch (CalledName.LostException e) {
                return refused(Why.API_BROKEN);
            }
        }

        /** The API's owner, if it may do anything; known with its own tasks. */
        private Optional<AccountRecord> its(Optional<Catalog.Standing> task) {
            return task.map(Catalog.Standing::account)
                    .filter(account -> account.id().equals(owner))
                    .or(() -> catalog.account(owner).filter(AccountRecord::isActive));
        }

        /** By a name of the owner's own for what may be somebody else's. */
        private ApiDecision byName(
                Caller caller, Optional<GrantRecord> by, AccountRecord its, AccessRequest meant)
                throws CalledName.LostException {
            Optional<CalledName> name =
                    meant.task().account().equals(owner)
                            ? CalledName.of(catalog, meant.task(), meant.named())
                            : NO_NAME;
            if (name.isEmpty()) {
                return refused(Why.API_BROKEN);
            }
            AccessRequest task = meant.of(name.get().task(), name.get().version());
            return Access.standing(catalog, task)
                    .map(it -> reached(caller, by, its, new Target(it, task, name)))
                    .orElseGet(() -> refused(Why.API_BROKEN));
        }

        private ApiDecision reached(
                Caller caller, Optional<GrantRecord> by, AccountRecord its, Target target) {
            Optional<AliasChoice> choice = AliasChoice.of(catalog, target.it(), target.task());
            Member member = member(target.it(), target.task());
            if (choice.isEmpty() || !member.mayCall()) {
                return refused(Why.API_BROKEN);
            }
            var end =
                    new CalledRoute.End(
                            target.it(),
                            target.name(),
                            its,
                            choice.get(),
                            member.by(),
                            chain(target));
            // What is tried on some calls, and what grants allow, hangs on the call.
            if (member.equals(Member.OWN) && choice.get().canary().isEmpty()) {
                route.leadsTo(end);
            }
            return called(caller, by, end);
        }

        /** Whether the API's owner may call the task, and by which grant if by one. */
        private Member member(Catalog.Standing it, AccessRequest task) {
            if (task.task().account().equals(owner)) {
                return Member.OWN;
            }
            GrantCheck grants = GrantCheck.of(catalog, owner, task);
            boolean everyone = it.task().everyone();
            return new Member(
                    !grants.isDenied() && (everyone || grants.allowing().isPresent()),
                    everyone ? Optional.empty() : grants.allowing());
        }

        private ApiDecision called(Caller caller, Optional<GrantRecord> by, CalledRoute.End end) {
            Optional<VersionRecord> version =
                    end.choice()
                            .version()
                            .within(regions(by))
                            .flatMap(one -> one.within(regions(end.by())));
            if (version.isEmpty()) {
                return refused(Why.TERMS);
            }
            AccountRecord its = end.its();
            if (isTooOld(caller, by, end)) {
                return refused(Access.TOO_STALE);
            }
            Optional<Duration> told =
                    access.stale(its.home(), contacts.since(its.home(), nowNanos), nowNanos);
            return new ApiDecision.Called(
                    new AccessDecision.Allowed(
                            end.it().task(),
                            version.get(),
                            end.choice().canary(),
                            paying(caller, end.it()),
                            by,
                            told,
                            end.name().map(CalledName::parameters).orElse(CallParameters.NONE),
                            Optional.of(end.chain())),
                    end.by());
        }

        private static List<RegionId> regions(Optional<GrantRecord> by) {
            return by.map(grant -> grant.terms().regions()).orElse(List.of());
        }

        private boolean isTooOld(Caller caller, Optional<GrantRecord> by, CalledRoute.End end) {
            Catalog.Standing it = end.it();
            boolean byTask =
                    it.task().maxStale().filter(most -> isBeyond(it.account(), most)).isPresent();
            boolean byMember =
                    end.by().filter(grant -> isBeyond(it.account(), most(grant))).isPresent();
            return byTask || byMember || (!operation.open() && isTooOld(caller, by, end.its()));
        }

        private boolean isTooOld(Caller caller, Optional<GrantRecord> by, AccountRecord its) {
            Duration most = by.map(Through::most).orElse(Access.PRIVATE_FOR);
            return isBeyond(its, most)
                    || (caller instanceof Caller.Keyed keyed
                            && catalog.account(keyed.account())
                                    .filter(account -> isBeyond(account, most))
                                    .isPresent());
        }

        private static Duration most(GrantRecord grant) {
            return grant.terms().maxStale().orElse(Access.PRIVATE_FOR);
        }

        private boolean isBeyond(AccountRecord whose, Duration most) {
            return Access.isBeyond(contacts.since(whose.home(), nowNanos), most);
        }

        /** Whoever shows no key is let in by the API's owner, who pays for him. */
        private Caller paying(Caller caller, Catalog.Standing it) {
            boolean others = !it.account().id().equals(owner);
            return others && caller instanceof Caller.Anonymous
                    ? new Caller.Keyed(owner, "")
                    : caller;
        }

        private String chain(Target target) {
            String api = request.task().name() + request.named().toString();
            String task =
                    target.name().map(CalledName::by).orElse("")
                            + Access.byAlias(target.task().named()).orElse("");
            String whole = task.isEmpty() ? api : api + ">" + task;
            return whole.length() > MOST_CHAIN ? api : whole;
        }
    }

    /** What a route leads to. */
    private record Target(Catalog.Standing it, AccessRequest task, Optional<CalledName> name) {}

    /** What says that the API's owner may call a task. */
    private record Member(boolean mayCall, Optional<GrantRecord> by) {
        static final Member OWN = new Member(true, Optional.empty());
    }
}
