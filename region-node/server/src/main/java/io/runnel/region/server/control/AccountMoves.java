package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.cluster.store.Draft;
import io.runnel.cluster.store.RegionStore;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.Position;
import io.runnel.routing.catalog.Takeover;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How an account gets another home, in two steps of one region each. First its home writes that it
 * is leaving, and from then on nothing more of it. Then the next home, which has heard that and so
 * all that came before, writes all that stands there to its own log, and that it is the home now,
 * under a higher epoch. Where the home is lost only the second step is made, once it has been
 * silent for a while and the next home knows as much of it as anybody whom it can see.
 */
final class AccountMoves {
    /** A region that confirmed so lately is not lost. */
    static final Duration LIVES = Duration.ofSeconds(5);

    private final ControlSettings settings;
    private final Writes writes;

    AccountMoves(ControlSettings settings, Writes writes) {
        this.settings = settings;
        this.writes = writes;
    }

    private static AccountRecord account(Call call) {
        return call.catalog()
                .account(call.account())
                .orElseThrow(() -> new RefusedException(ControlError.ACCOUNT_NOT_FOUND));
    }

    /** At the home: it writes no more for the account, so that another may take over. */
    CompletionStage<Reply> leave(Call call) {
        AccountRecord account = account(call);
        RegionId next = call.body().knowing("to").value("to", RegionId::new);
        requireOther(account, next, "to");
        if (account.leaving().isPresent()) {
            if (!account.leaving().get().equals(next)) {
                throw onItsWay(account);
            }
            return CompletableFuture.completedFuture(Reply.ok(ControlJson.of(account)));
        }
        AccountRecord leaving = account.leavingFor(next);
        return writes.write(
                call,
                List.of(Draft.of(leaving)),
                List.of(),
                records -> Reply.ok(ControlJson.of(leaving)));
    }

    private void requireOther(AccountRecord account, RegionId next, String field) {
        if (settings.topology().region(next).isEmpty()) {
            throw RefusedException.invalid(field, "there is no region " + next);
        }
        if (account.home().equals(next) && account.leaving().isEmpty()) {
            throw new RefusedException(
                    ControlError.ALREADY_HOME,
                    "%s is the home of %s already".formatted(next, account.id()));
        }
    }

    /** That nobody writes for it just now. */
    static RefusedException onItsWay(AccountRecord account) {
        return new RefusedException(
                ControlError.ACCOUNT_MOVING,
                "%s is on its way from %s to %s; runnel accounts move %s --to %s goes on with it"
                        .formatted(
                                account.id(),
                                account.home(),
                                account.leaving().orElse(account.home()),
                                account.id(),
                                account.leaving().orElse(account.home())));
    }

    /** At the next home: takes the account over. */
    CompletionStage<Reply> takeOver(Call call) {
        AccountRecord account = account(call);
        RegionId here = settings.region();
        boolean acceptLoss =
                call.body().knowing("acceptLoss").optionalFlag("acceptLoss").orElse(false);
        requireOther(account, here, "region");
        Takeover takeover = call.catalog().takeover(account.id(), here);
        if (!acceptLoss) {
            requireSafe(call.catalog(), account, takeover);
        }
        AccountRecord moved = account.movedTo(here);
        List<Draft> drafts = new ArrayList<>();
        takeover.written().forEach(record -> drafts.add(Draft.of(record)));
        takeover.deleted().forEach(gone -> drafts.add(Draft.deletion(gone.kind(), gone.key())));
        drafts.add(Draft.of(moved));
        ObjectNode json = ControlJson.of(moved);
        json.put("from", account.home().value());
        json.put("records", takeover.written().size());
        return written(call, drafts, Reply.ok(json));
    }

    /** What comes before the last batch is not seen by anybody: that one says who is home. */
    private CompletionStage<Reply> written(Call call, List<Draft> drafts, Reply.Whole reply) {
        CompletionStage<?> before = CompletableFuture.completedFuture(List.<FeedRecord>of());
        int last = Math.max(0, drafts.size() - RegionStore.MOST_RECORDS);
        for (int from = 0; from < last; from += RegionStore.MOST_RECORDS) {
            List<Draft> batch =
                    drafts.subList(from, Math.min(last, from + RegionStore.MOST_RECORDS));
            before = before.thenCompose(done -> settings.store().append(batch, List.of()));
        }
        List<Draft> rest = drafts.subList(last, drafts.size());
        return before.thenCompose(done -> writes.write(call, rest, List.of(), records -> reply));
    }

    private void requireSafe(Catalog catalog, AccountRecord account, Takeover takeover) {
        boolean released = account.leaving().equals(Optional.of(settings.region()));
        if (!released) {
            if (account.leaving().isPresent()) {
                throw onItsWay(account);
            }
            requireSilent(account);
            requireLevel(catalog, account);
        }
        requireCode(account.id(), takeover);
    }

    private void requireSilent(AccountRecord account) {
        Optional<Duration> silent = settings.sinceContact().apply(account.home());
        if (silent.filter(age -> age.compareTo(LIVES) < 0).isPresent()) {
            throw new RefusedException(
                    ControlError.NOT_RELEASED,
                    "%s, the home of %s, was heard of %d ms ago and has not let go of it"
                            .formatted(account.home(), account.id(), silent.get().toMillis()));
        }
    }

    /** Nobody whom this region sees knows more of the home's log. */
    private void requireLevel(Catalog catalog, AccountRecord account) {
        RegionId home = account.home();
        Optional<Position> mine = catalog.positions().position(home);
        settings.network().get().all().stream()
                .filter(status -> !status.positions().isEmpty())
                .forEach(
                        status -> {
                            Optional<Position> its =
                                    FeedPositions.parse(status.positions()).position(home);
                            if (its.isPresent() && isBehind(mine, its.get())) {
                                throw behind(home, mine, its.get(), status.node().value());
                            }
                        });
    }

    private static boolean isBehind(Optional<Position> mine, Position its) {
        return mine.map(p -> p.log().equals(its.log()) && p.seq() < its.seq())
                .orElse(its.seq() > 0);
    }

    private RefusedException behind(
            RegionId home, Optional<Position> mine, Position its, String node) {
        long here = mine.map(Position::seq).orElse(0L);
        return new RefusedException(
                ControlError.BEHIND,
                "%s has the log of %s up to %d, %s up to %d: %d records would be lost"
                        .formatted(
                                settings.region(), home, here, node, its.seq(), its.seq() - here));
    }

    private void requireCode(AccountId account, Takeover takeover) {
        List<CodeDigest> missing =
                takeover.codes().stream().filter(code -> !settings.codes().holds(code)).toList();
        if (!missing.isEmpty()) {
            throw new RefusedException(
                    ControlError.BEHIND,
                    "%s lacks %d pieces of code that versions of %s name, such as %s"
                            .formatted(
                                    settings.region(),
                                    missing.size(),
                                    account,
                                    missing.getFirst()));
        }
    }
}
