package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.ScheduleName;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the network knows of accounts and tasks: an immutable snapshot, safe for any thread, reads
 * without I/O, locks or copies.
 *
 * <p>What each origin region wrote is held apart, and read by one rule: an account's keys, tasks
 * and versions count only as its home region wrote them. So two nodes that know the same records
 * hold the same catalog, in whatever order the origins' records came. Account names are made in one
 * region of the network only, and a region that takes an account over says so under a higher epoch;
 * where two origins speak of one account the higher epoch holds, else the first origin by name.
 */
public final class Catalog {
    /** Nothing known. */
    public static final Catalog EMPTY = new Catalog(new TreeMap<>());

    /** By origin, sorted. */
    private final SortedMap<RegionId, OriginView> origins;

    private Catalog(SortedMap<RegionId, OriginView> origins) {
        this.origins = origins;
    }

    /** The account of this name. */
    public Optional<AccountRecord> account(AccountId id) {
        return stampedAccount(id).map(Stamped::value);
    }

    /** The account of this name, with the number of its record. */
    public Optional<Stamped<AccountRecord>> stampedAccount(AccountId id) {
        Optional<Stamped<AccountRecord>> found = Optional.empty();
        for (OriginView origin : origins.values()) {
            AccountView view = origin.accounts().get(id);
            if (view != null && view.account().isPresent() && holds(view.account(), found)) {
                found = view.account();
            }
        }
        return found;
    }

    private static boolean holds(
            Optional<Stamped<AccountRecord>> said, Optional<Stamped<AccountRecord>> before) {
        return before.isEmpty()
                || said.orElseThrow().value().epoch() > before.get().value().epoch();
    }

    /** What this region itself said of an account, whoever is right. */
    public Optional<Stamped<AccountRecord>> saidOf(RegionId origin, AccountId id) {
        OriginView view = origins.get(origin);
        return view == null
                ? Optional.empty()
                : view.accounts().getOrDefault(id, AccountView.EMPTY).account();
    }

    /** The access key of this id. */
    public Optional<KeyRecord> key(String id) {
        for (Map.Entry<RegionId, OriginView> origin : origins.entrySet()) {
            Stamped<KeyRecord> key = origin.getValue().keys().get(id);
            if (key != null && isHome(origin.getKey(), key.value().account())) {
                return Optional.of(key.value());
            }
        }
        return Optional.empty();
    }

    private boolean isHome(RegionId region, AccountId id) {
        return account(id).map(account -> account.home().equals(region)).orElse(false);
    }

    /** The access keys of this account, by id. */
    public List<KeyRecord> keys(AccountId id) {
        return home(id).map(origin -> origin.keysOf(id)).orElse(List.of());
    }

    /** The task of this name. */
    public Optional<TaskRecord> task(TaskRef ref) {
        return stampedTask(ref).map(Stamped::value);
    }

    /** The task of this name, with the number of its record. */
    public Optional<Stamped<TaskRecord>> stampedTask(TaskRef ref) {
        TaskView view = view(ref);
        return view.task();
    }

    /** One version of a task. */
    public Optional<VersionRecord> version(TaskRef ref, int version) {
        Stamped<VersionRecord> found = view(ref).versions().get(version);
        return Optional.ofNullable(found).map(Stamped::value);
    }

    /** The version of a task that calls get. */
    public Optional<VersionRecord> live(TaskRef ref) {
        TaskView view = view(ref);
        if (view.task().isEmpty()) {
            return Optional.empty();
        }
        Stamped<VersionRecord> found = view.versions().get(view.task().get().value().live());
        return Optional.ofNullable(found).map(Stamped::value);
    }

    /**
     * Up to where one must have read to know this version, and, if calls get it, that they do;
     * empty if it is not known here.
     */
    public Optional<Written> written(TaskRef ref, int version) {
        Optional<AccountRecord> account = account(ref.account());
        if (account.isEmpty()) {
            return Optional.empty();
        }
        TaskView view = view(ref);
        Stamped<VersionRecord> found = view.versions().get(version);
        if (found == null || view.task().isEmpty()) {
            return Optional.empty();
        }
        Stamped<TaskRecord> task = view.task().get();
        long seq = task.value().live() == version ? Math.max(task.seq(), found.seq()) : found.seq();
        RegionId home = account.get().home();
        return Optional.of(new Written(home, origins.get(home).position().log(), seq));
    }

    /** The grants of a task for exactly this grantee, those that hold no more among them. */
    public List<Stamped<GrantRecord>> grants(TaskRef ref, Grantee grantee) {
        return view(ref).grants().of(grantee);
    }

    /** All grants of a task, by key. */
    public Stream<Stamped<GrantRecord>> grants(TaskRef ref) {
        return view(ref).grants().all();
    }

    /** How many grants a task has. Counted already. */
    public int grantCount(TaskRef ref) {
        return view(ref).grants().count();
    }

    /** All grants of all tasks for exactly this grantee; looks at every task. */
    public Stream<GrantRecord> grantsTo(Grantee grantee) {
        return accounts()
                .flatMap(account -> accountView(account.id()).tasks().values().stream())
                .flatMap(view -> view.grants().of(grantee).stream())
                .map(Stamped::value);
    }

    /** A task that has a version to run, with what is known of it and its account. */
    public Optional<Standing> standing(TaskRef ref) {
        return account(ref.account()).flatMap(account -> standing(account, ref.name()));
    }

    private Optional<Standing> standing(AccountRecord account, TaskName name) {
        OriginView origin = origins.get(account.home());
        AccountView tasks = origin == null ? null : origin.accounts().get(account.id());
        TaskView view = tasks == null ? null : tasks.tasks().get(name);
        if (view == null || view.task().isEmpty()) {
            return Optional.empty();
        }
        TaskRecord task = view.task().get().value();
        return Optional.ofNullable(view.versions().get(task.live()))
                .map(live -> new Standing(account, task, live.value(), view.aliases()));
    }

    /**
     * A task that calls can be made of.
     *
     * @param account its owner
     * @param live the version that calls get
     * @param aliases by name
     */
    public record Standing(
            AccountRecord account,
            TaskRecord task,
            VersionRecord live,
            Map<String, Stamped<AliasRecord>> aliases) {}

    /** Whose tokens an account believes, by name. */
    public List<Stamped<TrustRecord>> trusts(AccountId id) {
        return accountView(id).trusts().values().stream()
                .sorted(Comparator.comparing(trust -> trust.value().name()))
                .toList();
    }

    /** The trust of this name. */
    public Optional<Stamped<TrustRecord>> trust(AccountId id, String name) {
        return Optional.ofNullable(accountView(id).trusts().get(name));
    }

    /** What an account calls by names of its own, by name. */
    public List<Stamped<CallerAliasRecord>> callerAliases(AccountId id) {
        return accountView(id).called().values().stream()
                .sorted(Comparator.comparing(alias -> alias.value().name()))
                .toList();
    }

    /** What an account calls by this name of its own. */
    public Optional<Stamped<CallerAliasRecord>> callerAlias(TaskRef name) {
        return Optional.ofNullable(accountView(name.account()).called().get(name.name()));
    }

    /** What an account has agreed to, by task. */
    public List<Stamped<AgreementRecord>> agreements(AccountId id) {
        return accountView(id).agreed().values().stream()
                .sorted(Comparator.comparing(one -> one.value().task()))
                .toList();
    }

    /** What an account has agreed to of what this task's owner asks for. */
    public Optional<Stamped<AgreementRecord>> agreement(AccountId id, TaskRef task) {
        return Optional.ofNullable(accountView(id).agreed().get(task));
    }

    /** Who has agreed to something that this task's owner asks for; looks at every account. */
    public Stream<AgreementRecord> agreementsTo(TaskRef task) {
        return homeViews()
                .flatMap(view -> Stream.ofNullable(view.agreed().get(task)))
                .map(Stamped::value);
    }

    /** An account's schedules. */
    public SortedMap<ScheduleName, Scheduled> schedules(AccountId id) {
        return home(id).map(its -> its.schedulesOf(id)).orElse(Collections.emptySortedMap());
    }

    /** The schedules of accounts whose home is this region; looks at no accounts without any. */
    public Stream<Scheduled> schedulesAt(RegionId region) {
        return Stream.ofNullable(origins.get(region))
                .flatMap(origin -> origin.schedules().entrySet().stream())
                .filter(its -> isHome(region, its.getKey()))
                .flatMap(its -> its.getValue().values().stream());
    }

    /** An account's APIs. */
    public AccountApis apis(AccountId id) {
        return home(id).map(its -> its.apisOf(id)).orElse(AccountApis.NONE);
    }

    /** What secret parameters of an account's names for calls are kept under; in no order. */
    public Stream<SecretBundle.Key> callerSecrets(AccountId id) {
        return accountView(id).called().values().stream()
                .flatMap(alias -> alias.value().secretKey().stream());
    }

    /** A task's aliases, by name. */
    public List<Stamped<AliasRecord>> aliases(TaskRef ref) {
        return view(ref).aliases().values().stream()
                .sorted(Comparator.comparing(alias -> alias.value().name()))
                .toList();
    }

    /** A task's alias of this name. */
    public Optional<Stamped<AliasRecord>> alias(TaskRef ref, String name) {
        return Optional.ofNullable(view(ref).aliases().get(name));
    }

    /** An account's tasks, by name. */
    public List<TaskRecord> tasks(AccountId account) {
        return accountView(account).tasks().values().stream()
                .flatMap(view -> view.task().stream())
                .map(Stamped::value)
                .sorted(Comparator.comparing(TaskRecord::ref))
                .toList();
    }

    /** How many tasks an account has. Counted already. */
    public int taskCount(AccountId account) {
        return accountView(account).standing();
    }

    /** Whether any version of any of an account's tasks is this code. Looks at no version. */
    public boolean usesCode(AccountId account, CodeDigest code) {
        return accountView(account).tasks().values().stream()
                .anyMatch(view -> view.task().isPresent() && view.codes().contains(code));
    }

    /** Of what a node keeps warm, how much may be an account's: 1 if that is not limited. */
    public double warmShare(AccountId account) {
        return account(account)
                .map(it -> it.quota().warmPercent())
                .filter(OptionalInt::isPresent)
                .map(percent -> percent.getAsInt() / 100.0)
                .orElse(1.0);
    }

    /** How large the code is of all versions of an account's tasks, each once. Looks at all. */
    public ByteSize codeSize(AccountId account) {
        Map<CodeDigest, Long> sizes = new HashMap<>();
        versions(account)
                .forEach(version -> sizes.put(version.task().code(), version.codeSize().bytes()));
        return new ByteSize(sizes.values().stream().mapToLong(Long::longValue).sum());
    }

    /** A task's versions, oldest first. */
    public List<VersionRecord> versions(TaskRef ref) {
        return view(ref).versions().values().stream().map(Stamped::value).toList();
    }

    /** The highest version that a task of this name ever had, also before it was deleted; or 0. */
    public int highestVersion(TaskRef ref) {
        return view(ref).highest();
    }

    /** All accounts, by name. */
    public Stream<AccountRecord> accounts() {
        Map<AccountId, AccountRecord> found = new TreeMap<>();
        for (OriginView origin : origins.values()) {
            for (AccountView view : origin.accounts().values()) {
                view.account()
                        .ifPresent(a -> found.merge(a.value().id(), a.value(), Catalog::held));
            }
        }
        return found.values().stream();
    }

    /** How many accounts there are. */
    public long accountCount() {
        return origins.values().stream()
                .flatMap(origin -> origin.accounts().entrySet().stream())
                .filter(entry -> entry.getValue().account().isPresent())
                .map(Map.Entry::getKey)
                .distinct()
                .count();
    }

    private static AccountRecord held(AccountRecord before, AccountRecord said) {
        return said.epoch() > before.epoch() ? said : before;
    }

    /**
     * What a region has to write before it becomes an account's home, so that the account is there
     * as it is at its home now: what it said of the account earlier is not worth anything.
     */
    public Takeover takeover(AccountId id, RegionId next) {
        return Takeover.of(id, home(id), Optional.ofNullable(origins.get(next)));
    }

    /** Every version of every task that stands, live or not; in no order. */
    public Stream<VersionRecord> allVersions() {
        return homeViews().flatMap(Catalog::versions);
    }

    /** Every version of an account's tasks, live or not; in no order. */
    public Stream<VersionRecord> versions(AccountId id) {
        return versions(accountView(id));
    }

    private static Stream<VersionRecord> versions(AccountView account) {
        return account.tasks().values().stream()
                .flatMap(view -> view.versions().values().stream())
                .map(Stamped::value);
    }

    /**
     * The accounts of which an origin says other things here than in another catalog, earlier or
     * not: all that may differ, but for keys and schedules. What was only written once more may be
     * among them, and after a snapshot all accounts of its origin are. Costs little where one
     * catalog was made of the other by few records, whatever the number of accounts.
     */
    public Set<AccountId> changedSince(Catalog before) {
        Set<RegionId> either = new HashSet<>(origins.keySet());
        either.addAll(before.origins.keySet());
        Set<AccountId> changed = new HashSet<>();
        for (RegionId origin : either) {
            changed.addAll(accounts(origin).changedSince(before.accounts(origin)));
        }
        return changed;
    }

    private SplitMap<AccountId, AccountView> accounts(RegionId origin) {
        OriginView view = origins.get(origin);
        return view == null ? SplitMap.empty() : view.accounts();
    }

    /** Every account as its home tells it; in no order, so that nothing is sorted for it. */
    private Stream<AccountView> homeViews() {
        return origins.entrySet().stream()
                .flatMap(
                        origin ->
                                origin.getValue().accounts().entrySet().stream()
                                        .filter(one -> isHome(origin.getKey(), one.getKey()))
                                        .map(Map.Entry::getValue));
    }

    private Optional<OriginView> home(AccountId id) {
        return account(id).map(account -> origins.get(account.home()));
    }

    private AccountView accountView(AccountId id) {
        return home(id).map(origin -> origin.account(id)).orElse(AccountView.EMPTY);
    }

    private TaskView view(TaskRef ref) {
        return accountView(ref.account()).tasks().getOrDefault(ref.name(), TaskView.EMPTY);
    }

    /** How far each origin's log is in this catalog. */
    public FeedPositions positions() {
        Map<RegionId, Position> positions = new HashMap<>();
        origins.forEach((origin, view) -> positions.put(origin, view.position()));
        return new FeedPositions(positions);
    }

    /**
     * How many records could not be understood here and were left out: a newer peer wrote them. All
     * that they are about counts as absent.
     */
    public long notUnderstood() {
        return origins.values().stream().mapToLong(OriginView::notUnderstood).sum();
    }

    /**
     * This catalog with the records that follow, of any origins; each must be the next of its
     * origin's log.
     *
     * @throws CatalogException if any is not; then none is applied
     */
    public Catalog with(List<FeedRecord> records) {
        return edited(new TreeMap<>(origins), records, OriginEdit::addNext);
    }

    /**
     * This catalog with what a snapshot says in place of all that was known of its origin. A
     * snapshot is the last record of each key, in the order of the log; the one of the log's head
     * is always among them.
     *
     * @throws CatalogException if a record is of another origin, out of order, or not true; then
     *     nothing is replaced
     */
    public Catalog withSnapshot(RegionId origin, List<FeedRecord> snapshot) {
        for (FeedRecord record : snapshot) {
            if (!record.origin().equals(origin)) {
                throw new CatalogException(
                        CatalogException.Code.MALFORMED,
                        "snapshot of %s has a record of %s".formatted(origin, record.origin()));
            }
        }
        return edited(withoutOrigin(origin).origins, snapshot, OriginEdit::addLater);
    }

    private interface Adding {
        void add(OriginEdit edit, FeedRecord record);
    }

    private static Catalog edited(
            SortedMap<RegionId, OriginView> views, List<FeedRecord> records, Adding adding) {
        Map<RegionId, OriginEdit> edits = new LinkedHashMap<>();
        for (FeedRecord record : records) {
            OriginEdit edit =
                    edits.computeIfAbsent(
                            record.origin(), o -> new OriginEdit(viewOr(views, o, record)));
            adding.add(edit, record);
        }
        edits.forEach((origin, edit) -> views.put(origin, edit.finish()));
        return new Catalog(views);
    }

    private static OriginView viewOr(
            Map<RegionId, OriginView> views, RegionId origin, FeedRecord first) {
        OriginView view = views.get(origin);
        return view == null ? OriginView.start(first.log()) : view;
    }

    /** This catalog without what this origin wrote. */
    public Catalog withoutOrigin(RegionId origin) {
        TreeMap<RegionId, OriginView> copy = new TreeMap<>(origins);
        copy.remove(origin);
        return new Catalog(copy);
    }
}
