package io.runnel.routing.placement;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.GrantRecord;
import io.runnel.routing.catalog.GrantRecord.Effect;
import io.runnel.routing.catalog.Grantee;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.placement.AccessDecision.Why;

import java.util.List;
import java.util.Optional;

/**
 * What grants say of one call by another account than the task's own: denied if any denies it, else
 * allowed if any allows it. Pure; one thread.
 */
final class GrantCheck {
    private final Catalog catalog;
    private final AccountId caller;
    private final AccessRequest request;
    private final boolean exactly;
    private Optional<GrantRecord> allowing = Optional.empty();
    private boolean denied;
    private boolean knows;
    private boolean holds;
    private boolean asks;

    private GrantCheck(Catalog catalog, AccountId caller, AccessRequest request, boolean exactly) {
        this.catalog = catalog;
        this.caller = caller;
        this.request = request;
        this.exactly = exactly;
    }

    static GrantCheck of(Catalog catalog, AccountId caller, AccessRequest request) {
        return of(catalog, caller, request, false);
    }

    /**
     * Of a call that only a grant for what it names can allow.
     *
     * @param exactly whether one for all of it does not
     */
    static GrantCheck of(
            Catalog catalog, AccountId caller, AccessRequest request, boolean exactly) {
        GrantCheck check = new GrantCheck(catalog, caller, request, exactly);
        check.look(catalog.grants(request.task(), Grantee.of(caller)));
        check.look(catalog.grants(request.task(), Grantee.EVERY_ACCOUNT));
        return check;
    }

    private void look(List<Stamped<GrantRecord>> grants) {
        for (Stamped<GrantRecord> one : grants) {
            look(one.value());
        }
    }

    private void look(GrantRecord grant) {
        knows |= grant.effect() == Effect.ALLOW;
        if (grant.revoked()) {
            return;
        }
        boolean applies =
                isMeant(grant)
                        && grant.terms().areFor(request.route())
                        && grant.terms()
                                .areMet(request.method(), request.source(), request.epochMillis());
        switch (grant.effect()) {
            case DENY -> denied |= applies;
            case ALLOW -> {
                holds = true;
                if (applies) {
                    allow(grant);
                }
            }
        }
    }

    private boolean isMeant(GrantRecord grant) {
        boolean all = grant.only().equals(Qualifier.NONE);
        return all
                ? !exactly || grant.effect() == Effect.DENY
                : grant.only().equals(request.named());
    }

    /** What limits calls is not asked when something else allows them without that. */
    private void allow(GrantRecord grant) {
        if (!isAgreed(grant)) {
            asks = true;
        } else if (allowing.isEmpty()
                || (allowing.get().terms().limitCalls() && !grant.terms().limitCalls())) {
            allowing = Optional.of(grant);
        }
    }

    /** Most grants ask for nothing: only for those that do it is looked up. */
    private boolean isAgreed(GrantRecord grant) {
        Optional<String> asked = grant.terms().agreement();
        return asked.isEmpty()
                || asked.equals(
                        catalog.agreement(caller, request.task()).map(one -> one.value().text()));
    }

    /** Whether a grant denies the call. */
    boolean isDenied() {
        return denied;
    }

    /** A grant that allows the call, unless one denies it. */
    Optional<GrantRecord> allowing() {
        return allowing;
    }

    /** Why not, to who may know; empty to who never was to know of the task. */
    Optional<Why> why() {
        if (!knows) {
            return Optional.empty();
        }
        if (denied) {
            return Optional.of(Why.GRANT_DENIES);
        }
        return Optional.of(asks ? Why.NOT_AGREED : holds ? Why.TERMS : Why.REVOKED);
    }
}
