package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.TaskRef;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the next home of an account has to write.
 *
 * @param written what stands at the account's home
 * @param deleted what does not, and either stood in the next home's own log once, or tells that a
 *     version's number was used
 */
public record Takeover(List<CatalogRecord> written, List<Deleted> deleted) {
    /** Something that is no more. */
    public record Deleted(RecordKind kind, String key) {}

    /** The lists are copied. */
    public Takeover {
        written = List.copyOf(written);
        deleted = List.copyOf(deleted);
    }

    /** The code that its versions name. */
    public Set<CodeDigest> codes() {
        return written.stream()
                .filter(VersionRecord.class::isInstance)
                .map(record -> ((VersionRecord) record).task().code())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Of an account.
     *
     * @param origin its home, if it has one
     * @param next where it goes, if anything was ever written there
     */
    static Takeover of(AccountId id, Optional<OriginView> origin, Optional<OriginView> next) {
        AccountView home = origin.map(view -> view.account(id)).orElse(AccountView.EMPTY);
        AccountView there = next.map(view -> view.account(id)).orElse(AccountView.EMPTY);
        List<CatalogRecord> written = new ArrayList<>();
        origin.ifPresent(view -> written.addAll(view.apart(id)));
        List<Deleted> deleted = new ArrayList<>();
        home.trusts().values().stream()
                .map(Stamped::value)
                .sorted(Comparator.comparing(TrustRecord::name))
                .forEach(written::add);
        home.called().values().stream()
                .map(Stamped::value)
                .sorted(Comparator.comparing(CallerAliasRecord::name))
                .forEach(written::add);
        home.agreed().values().stream()
                .map(Stamped::value)
                .sorted(Comparator.comparing(AgreementRecord::task))
                .forEach(written::add);
        new TreeMap<>(home.tasks())
                .forEach(
                        (name, view) -> {
                            view.versions().values().forEach(v -> written.add(v.value()));
                            view.task().ifPresent(task -> written.add(task.value()));
                            view.grants().all().forEach(grant -> written.add(grant.value()));
                            view.aliases().values().stream()
                                    .map(Stamped::value)
                                    .sorted(Comparator.comparing(AliasRecord::name))
                                    .forEach(written::add);
                        });
        Set<Deleted> named = new HashSet<>();
        written.forEach(record -> named.add(name(record)));
        home.tasks()
                .forEach(
                        (name, view) -> {
                            if (view.highest() > 0) {
                                // A version's number is never given twice, though it is gone.
                                String key = new TaskRef(id, name) + "@" + view.highest();
                                add(new Deleted(RecordKind.VERSION, key), named, deleted);
                            }
                        });
        next.ifPresent(view -> view.apart(id).forEach(one -> add(name(one), named, deleted)));
        there.trusts().values().forEach(trust -> add(name(trust.value()), named, deleted));
        there.called().values().forEach(alias -> add(name(alias.value()), named, deleted));
        there.agreed().values().forEach(one -> add(name(one.value()), named, deleted));
        for (TaskView view : there.tasks().values()) {
            view.versions().values().forEach(v -> add(name(v.value()), named, deleted));
            view.task().ifPresent(task -> add(name(task.value()), named, deleted));
            view.grants().all().forEach(grant -> add(name(grant.value()), named, deleted));
            view.aliases().values().forEach(alias -> add(name(alias.value()), named, deleted));
        }
        return new Takeover(written, deleted);
    }

    private static Deleted name(CatalogRecord record) {
        return new Deleted(record.kind(), record.key());
    }

    private static void add(Deleted one, Set<Deleted> named, List<Deleted> deleted) {
        if (named.add(one)) {
            deleted.add(one);
        }
    }
}
