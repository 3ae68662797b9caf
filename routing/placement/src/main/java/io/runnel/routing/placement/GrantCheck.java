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
    private Optional<GrantRecord> allowing = Optional.empty();
    private boolean denied;
    private boolean knows;
    private boolean holds;
    private boolean asks;

    private GrantCheck(Catalog catalog, AccountId caller, AccessRequest request) {
        this.catalog = catalog;
        this.caller = caller;
        this.request = request;
    }

    static GrantCheck of(Catalog catalog, AccountId caller, AccessRequest request) {
        GrantCheck check = new GrantCheck(catalog, caller, request);
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
                (grant.only().equals(Qualifier.NONE) || grant.only().equals(request.named()))
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
