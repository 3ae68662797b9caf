package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ScheduleName;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/**
 * All that one origin tells. Never changed once it is in a catalog.
 *
 * @param schedules of the accounts that have any; apart, so that nobody looks for them at the
 *     others
 * @param apis of the accounts that have any
 * @param notUnderstood how many records of the log could not be understood here and were left out
 */
record OriginView(
        Position position,
        SplitMap<AccountId, AccountView> accounts,
        SplitMap<String, Stamped<KeyRecord>> keys,
        SplitMap<AccountId, SortedMap<ScheduleName, Scheduled>> schedules,
        SplitMap<AccountId, AccountApis> apis,
        long notUnderstood) {

    static OriginView start(String log) {
        return new OriginView(
                Position.start(log),
                SplitMap.empty(),
                SplitMap.empty(),
                SplitMap.empty(),
                SplitMap.empty(),
                0);
    }

    /** What it tells of an account, but for what is apart. */
    AccountView account(AccountId id) {
        return accounts.getOrDefault(id, AccountView.EMPTY);
    }

    /** The access keys of an account, by id. */
    List<KeyRecord> keysOf(AccountId id) {
        return keys.values().stream()
                .map(Stamped::value)
                .filter(key -> key.account().equals(id))
                .sorted(Comparator.comparing(KeyRecord::id))
                .toList();
    }

    /** The schedules of an account. */
    SortedMap<ScheduleName, Scheduled> schedulesOf(AccountId id) {
        return schedules.getOrDefault(id, Collections.emptySortedMap());
    }

    /** The APIs of an account. */
    AccountApis apisOf(AccountId id) {
        return apis.getOrDefault(id, AccountApis.NONE);
    }

    /** What it tells of an account apart: keys, schedules and APIs. */
    List<CatalogRecord> apart(AccountId id) {
        List<CatalogRecord> apart = new ArrayList<>(keysOf(id));
        schedulesOf(id).values().forEach(one -> apart.add(one.said().value()));
        apisOf(id).views().values().stream().flatMap(ApiView::records).forEach(apart::add);
        return apart;
    }
}
