package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A batch of records on its way into one origin's view. What the batch touches is copied once: of
 * the accounts, keys and grants the small parts around it ({@link SplitMap}), of each touched
 * account the map of its tasks, of each touched task that of its versions. So ten thousand records
 * in one batch cost one copy, and one record costs one copy of what stands around it. What the
 * records name is kept once for all of them ({@link SharedValues}).
 *
 * <p>A record that cannot be understood (of a kind unknown here, or with a content that only a
 * newer peer understands) takes its place in the chain, and what it is about counts as absent: what
 * stood there before is no longer true.
 */
final class OriginEdit {
    private static final int GRANT_KEY_PARTS = 4;

    private final OriginView base;
    private final Map<AccountId, AccountEdit> accounts = new HashMap<>();
    private final Map<String, Optional<Stamped<KeyRecord>>> keys = new HashMap<>();
    private final SharedValues shared = new SharedValues();
    private final ScheduleEdit schedules;
    private final ApiEdit apis;
    private Position position;
    private long notUnderstood;

    OriginEdit(OriginView base) {
        this.base = base;
        this.position = base.position();
        this.notUnderstood = base.notUnderstood();
        this.schedules = new ScheduleEdit(base.schedules());
        this.apis = new ApiEdit(base.apis());
    }

    /** Adds the record that follows. */
    void addNext(FeedRecord record) {
        HashChain.requireNext(position, record);
        add(record);
    }

    /** Adds a later record of a snapshot. */
    void addLater(FeedRecord record) {
        HashChain.requireLater(position, record);
        add(record);
    }

    private void add(FeedRecord record) {
        position = Position.of(record);
        boolean understood = record.knownKind().map(kind -> place(kind, record)).orElse(false);
        if (!understood) {
            notUnderstood++;
        }
    }

    private boolean place(RecordKind kind, FeedRecord record) {
        Optional<CatalogRecord> said = read(kind, record);
        try {
            switch (kind) {
                case ACCOUNT -> putAccount(record, said);
                case KEY -> putKey(record, said);
                case TASK -> putTask(record, said);
                case VERSION -> putVersion(record, said);
                case GRANT -> putGrant(record, said);
                case ALIAS -> putAlias(record, said);
                case CALLER_ALIAS -> putCallerAlias(record, said);
                case AGREEMENT -> putAgreement(record, said);
                case SCHEDULE -> schedules.put(record, stamped(ScheduleRecord.class, record, said));
                case API -> apis.put(ref(record.key()), stamped(ApiRecord.class, record, said));
                case API_REVISION -> putRevision(record, said);
                case TRUST -> putTrust(record, said);
            }
            return said.isPresent() || record.isDeletion();
        } catch (IllegalArgumentException e) {
            // A key that is no name here: nothing could ask for it.
            return false;
        }
    }

    private static Optional<CatalogRecord> read(RecordKind kind, FeedRecord record) {
        if (record.isDeletion()) {
            return Optional.empty();
        }
        try {
            CatalogRecord said = RecordJson.read(kind, record.record());
            return said.key().equals(record.key()) ? Optional.of(said) : Optional.empty();
        } catch (CatalogException e) {
            // Written by a newer peer: counted, and what it is about counts as absent.
            return Optional.empty();
        }
    }

    private void putAccount(FeedRecord record, Optional<CatalogRecord> said) {
        edit(new AccountId(record.key())).account = stamped(AccountRecord.class, record, said);
    }

    private void putKey(FeedRecord record, Optional<CatalogRecord> said) {
        keys.put(record.key(), stamped(KeyRecord.class, record, said));
    }

    private void putTask(FeedRecord record, Optional<CatalogRecord> said) {
        edit(ref(record.key())).task = stamped(TaskRecord.class, record, said);
    }

    private void putVersion(FeedRecord record, Optional<CatalogRecord> said) {
        edit(ref(record.key().substring(0, at(record))))
                .put(number(record), stamped(VersionRecord.class, record, said));
    }

    private void putRevision(FeedRecord record, Optional<CatalogRecord> said) {
        apis.put(
                ref(record.key().substring(0, at(record))),
                number(record),
                stamped(ApiRevisionRecord.class, record, said));
    }

    private static int at(FeedRecord record) {
        return Math.max(0, record.key().lastIndexOf('@'));
    }

    private static int number(FeedRecord record) {
        int number = Integer.parseInt(record.key().substring(at(record) + 1));
        if (number < 1) {
            throw new IllegalArgumentException("key names no version: " + record.key());
        }
        return number;
    }

    private void putGrant(FeedRecord record, Optional<CatalogRecord> said) {
        String[] parts = record.key().split("/", GRANT_KEY_PARTS);
        if (parts.length != GRANT_KEY_PARTS) {
            throw new IllegalArgumentException("key names no grant: " + record.key());
        }
        edit(TaskRef.of(parts[0], parts[1]))
                .grants
                .put(
                        shared.of(Grantee.parse(parts[2])),
                        parts[3],
                        stamped(GrantRecord.class, record, said).map(this::sharing));
    }

    private Stamped<GrantRecord> sharing(Stamped<GrantRecord> grant) {
        return new Stamped<>(grant.value().sharing(shared), grant.seq());
    }

    private void putAlias(FeedRecord record, Optional<CatalogRecord> said) {
        int at = record.key().lastIndexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException("key names no alias: " + record.key());
        }
        edit(ref(record.key().substring(0, at)))
                .putAlias(record.key().substring(at + 1), stamped(AliasRecord.class, record, said));
    }

    private void putTrust(FeedRecord record, Optional<CatalogRecord> said) {
        int slash = record.key().indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("key names no trust: " + record.key());
        }
        edit(new AccountId(record.key().substring(0, slash)))
                .putTrust(
                        record.key().substring(slash + 1),
                        stamped(TrustRecord.class, record, said));
    }

    private void putCallerAlias(FeedRecord record, Optional<CatalogRecord> said) {
        TaskRef name = ref(record.key());
        edit(name.account()).putCalled(name.name(), stamped(CallerAliasRecord.class, record, said));
    }

    private void putAgreement(FeedRecord record, Optional<CatalogRecord> said) {
        int slash = record.key().indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("key names no agreement: " + record.key());
        }
        edit(new AccountId(record.key().substring(0, slash)))
                .putAgreed(
                        ref(record.key().substring(slash + 1)),
                        stamped(AgreementRecord.class, record, said));
    }

    private static TaskRef ref(String key) {
        int slash = key.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("key names no task: " + key);
        }
        return TaskRef.of(key.substring(0, slash), key.substring(slash + 1));
    }

    private static <T extends CatalogRecord> Optional<Stamped<T>> stamped(
            Class<T> type, FeedRecord record, Optional<CatalogRecord> said) {
        return said.map(value -> new Stamped<>(type.cast(value), record.seq()));
    }

    private AccountEdit edit(AccountId account) {
        return accounts.computeIfAbsent(
                account, a -> new AccountEdit(base.accounts().getOrDefault(a, AccountView.EMPTY)));
    }

    private TaskEdit edit(TaskRef ref) {
        return edit(ref.account()).edit(ref.name());
    }

    OriginView finish() {
        Map<AccountId, Optional<AccountView>> views = new HashMap<>();
        accounts.forEach(
                (id, edit) ->
                        views.put(id, Optional.of(edit.finish()).filter(view -> !view.isEmpty())));
        return new OriginView(
                position,
                base.accounts().with(views),
                base.keys().with(keys),
                schedules.finish(),
                apis.finish(),
                notUnderstood);
    }

    private static final class AccountEdit {
        private final AccountView base;
        private final Map<TaskName, TaskEdit> tasks = new HashMap<>();
        private Optional<Stamped<AccountRecord>> account;
        private Map<String, Stamped<TrustRecord>> trusts;
        private Map<TaskName, Stamped<CallerAliasRecord>> called;
        private Map<TaskRef, Stamped<AgreementRecord>> agreed;

        AccountEdit(AccountView base) {
            this.base = base;
            this.account = base.account();
            this.trusts = base.trusts();
            this.called = base.called();
            this.agreed = base.agreed();
        }

        void putTrust(String name, Optional<Stamped<TrustRecord>> trust) {
            Map<String, Stamped<TrustRecord>> copy = new TreeMap<>(trusts);
            trust.ifPresentOrElse(t -> copy.put(name, t), () -> copy.remove(name));
            trusts = Map.copyOf(copy);
        }

        void putCalled(TaskName name, Optional<Stamped<CallerAliasRecord>> alias) {
            Map<TaskName, Stamped<CallerAliasRecord>> copy = new HashMap<>(called);
            alias.ifPresentOrElse(a -> copy.put(name, a), () -> copy.remove(name));
            called = Map.copyOf(copy);
        }

        void putAgreed(TaskRef task, Optional<Stamped<AgreementRecord>> agreement) {
            Map<TaskRef, Stamped<AgreementRecord>> copy = new HashMap<>(agreed);
            agreement.ifPresentOrElse(a -> copy.put(task, a), () -> copy.remove(task));
            agreed = Map.copyOf(copy);
        }

        TaskEdit edit(TaskName name) {
            return tasks.computeIfAbsent(
                    name, n -> new TaskEdit(base.tasks().getOrDefault(n, TaskView.EMPTY)));
        }

        AccountView finish() {
            if (tasks.isEmpty()) {
                return new AccountView(
                        account, base.tasks(), base.standing(), trusts, called, agreed);
            }
            Map<TaskName, TaskView> copy = new HashMap<>(base.tasks());
            int standing = base.standing();
            for (Map.Entry<TaskName, TaskEdit> edit : tasks.entrySet()) {
                TaskView view = edit.getValue().finish();
                standing += view.standing() - edit.getValue().base.standing();
                if (view.isEmpty()) {
                    copy.remove(edit.getKey());
                } else {
                    copy.put(edit.getKey(), view);
                }
            }
            return new AccountView(account, copy, standing, trusts, called, agreed);
        }
    }

    private static final class TaskEdit {
        private final TaskView base;
        private final TreeMap<Integer, Stamped<VersionRecord>> versions;
        private final GrantIndex.Edit grants;
        private Map<String, Stamped<AliasRecord>> aliases;
        private Optional<Stamped<TaskRecord>> task;
        private int highest;

        TaskEdit(TaskView base) {
            this.base = base;
            this.versions = new TreeMap<>(base.versions());
            this.task = base.task();
            this.highest = base.highest();
            this.aliases = base.aliases();
            this.grants = new GrantIndex.Edit(base.grants());
        }

        void put(int version, Optional<Stamped<VersionRecord>> record) {
            record.ifPresentOrElse(r -> versions.put(version, r), () -> versions.remove(version));
            highest = Math.max(highest, version);
        }

        void putAlias(String name, Optional<Stamped<AliasRecord>> alias) {
            Map<String, Stamped<AliasRecord>> copy = new TreeMap<>(aliases);
            alias.ifPresentOrElse(a -> copy.put(name, a), () -> copy.remove(name));
            aliases = copy;
        }

        TaskView finish() {
            return new TaskView(
                    task,
                    Collections.unmodifiableSortedMap(versions),
                    codes(),
                    highest,
                    grants.finish(),
                    Map.copyOf(aliases));
        }

        private Set<CodeDigest> codes() {
            return versions.values().stream()
                    .map(version -> version.value().task().code())
                    .collect(Collectors.toUnmodifiableSet());
        }
    }
}
