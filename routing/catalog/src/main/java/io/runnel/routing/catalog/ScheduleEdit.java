package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ScheduleName;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a batch of records says of schedules, on its way into one origin's view. */
final class ScheduleEdit {
    private final SplitMap<AccountId, SortedMap<ScheduleName, Scheduled>> base;
    private final Map<AccountId, SortedMap<ScheduleName, Scheduled>> edited = new HashMap<>();

    ScheduleEdit(SplitMap<AccountId, SortedMap<ScheduleName, Scheduled>> base) {
        this.base = base;
    }

    /**
     * Takes one record in.
     *
     * @throws IllegalArgumentException if its key names no schedule
     */
    void put(FeedRecord record, Optional<Stamped<ScheduleRecord>> said) {
        int slash = record.key().indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("key names no schedule: " + record.key());
        }
        AccountId account = new AccountId(record.key().substring(0, slash));
        ScheduleName name = new ScheduleName(record.key().substring(slash + 1));
        SortedMap<ScheduleName, Scheduled> its =
                edited.computeIfAbsent(
                        account,
                        one -> new TreeMap<>(base.getOrDefault(one, Collections.emptySortedMap())));
        said.ifPresentOrElse(
                one -> its.put(name, new Scheduled(one, record.at())), () -> its.remove(name));
    }

    SplitMap<AccountId, SortedMap<ScheduleName, Scheduled>> finish() {
        return base.with(edited, Collections::unmodifiableSortedMap);
    }
}
