package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a batch of records says of APIs, on its way into one origin's view. */
final class ApiEdit {
    private final SplitMap<AccountId, AccountApis> base;
    private final Map<AccountId, SortedMap<TaskName, ApiView>> edited = new HashMap<>();

    ApiEdit(SplitMap<AccountId, AccountApis> base) {
        this.base = base;
    }

    void put(TaskRef name, Optional<Stamped<ApiRecord>> api) {
        put(name, new ApiView(api, view(name).revisions()));
    }

    void put(TaskRef api, int number, Optional<Stamped<ApiRevisionRecord>> revision) {
        ApiView before = view(api);
        SortedMap<Integer, Stamped<ApiRevisionRecord>> all = new TreeMap<>(before.revisions());
        revision.ifPresentOrElse(one -> all.put(number, one), () -> all.remove(number));
        put(api, new ApiView(before.api(), Collections.unmodifiableSortedMap(all)));
    }

    private void put(TaskRef name, ApiView view) {
        if (view.isEmpty()) {
            its(name.account()).remove(name.name());
        } else {
            its(name.account()).put(name.name(), view);
        }
    }

    private ApiView view(TaskRef name) {
        return its(name.account()).getOrDefault(name.name(), ApiView.EMPTY);
    }

    private SortedMap<TaskName, ApiView> its(AccountId account) {
        return edited.computeIfAbsent(
                account, one -> new TreeMap<>(base.getOrDefault(one, AccountApis.NONE).views()));
    }

    SplitMap<AccountId, AccountApis> finish() {
        return base.with(edited, AccountApis::new);
    }
}
