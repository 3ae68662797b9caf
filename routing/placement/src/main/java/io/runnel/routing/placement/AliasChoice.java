package io.runnel.routing.placement;

import io.runnel.exec.task.Qualifier;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.Canary;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.Stamped;
import io.runnel.routing.catalog.VersionRecord;

import java.util.Optional;

/**
 * Which version a call gets.
 *
 * @param canary by which alias, if some of its calls go to another version
 */
record AliasChoice(VersionRecord version, Optional<CanaryCall> canary) {
    /** By what the call names; empty if there is no such version. */
    static Optional<AliasChoice> of(Catalog catalog, Catalog.Standing it, AccessRequest request) {
        Qualifier named = request.named();
        if (named.version() > 0) {
            return catalog.version(request.task(), named.version()).map(AliasChoice::only);
        }
        String name = named.alias().isEmpty() ? AliasRecord.LIVE : named.alias();
        boolean isLive = name.equals(AliasRecord.LIVE);
        Stamped<AliasRecord> alias = it.aliases().get(name);
        if (alias == null || (isLive && alias.value().version() != it.task().live())) {
            return isLive ? Optional.of(only(it.live())) : Optional.empty();
        }
        Optional<VersionRecord> usual =
                isLive
                        ? Optional.of(it.live())
                        : catalog.version(request.task(), alias.value().version());
        Optional<Canary> canary = alias.value().canary();
        return canary.isEmpty()
                ? usual.map(AliasChoice::only)
                : usual.map(version -> tried(catalog, request, alias, canary.get(), version));
    }

    private static AliasChoice tried(
            Catalog catalog,
            AccessRequest request,
            Stamped<AliasRecord> alias,
            Canary canary,
            VersionRecord usual) {
        String key = request.key().of(canary.stickyBy());
        Optional<VersionRecord> other =
                canary.takes(alias.value().key(), key)
                        ? catalog.version(request.task(), canary.version())
                        : Optional.empty();
        CanaryCall call = new CanaryCall(alias.value().name(), alias.seq(), other.isPresent());
        return new AliasChoice(other.orElse(usual), Optional.of(call));
    }

    private static AliasChoice only(VersionRecord version) {
        return new AliasChoice(version, Optional.empty());
    }
}
