package io.runnel.routing.catalog;

import io.runnel.exec.task.TaskName;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The APIs of an account. Immutable; any thread. */
public final class AccountApis {
    static final AccountApis NONE = new AccountApis(Collections.emptySortedMap());

    private final SortedMap<TaskName, ApiView> views;

    /**
     * As one origin tells them.
     *
     * @param views by name; not changed any more
     */
    AccountApis(SortedMap<TaskName, ApiView> views) {
        this.views = views;
    }

    SortedMap<TaskName, ApiView> views() {
        return views;
    }

    /** All of them, by name. */
    public List<Stamped<ApiRecord>> all() {
        return views.values().stream().flatMap(view -> view.api().stream()).toList();
    }

    /** The one of this name. */
    public Optional<Stamped<ApiRecord>> api(TaskName name) {
        return view(name).api();
    }

    /** A revision of one, if it is kept. */
    public Optional<ApiRevisionRecord> revision(TaskName name, int revision) {
        return Optional.ofNullable(view(name).revisions().get(revision)).map(Stamped::value);
    }

    /** The revisions of one that are kept, oldest first. */
    public List<ApiRevisionRecord> revisions(TaskName name) {
        return view(name).revisions().values().stream().map(Stamped::value).toList();
    }

    private ApiView view(TaskName name) {
        return views.getOrDefault(name, ApiView.EMPTY);
    }
}
