package io.runnel.pop;

import static java.lang.Double.NaN;

import io.runnel.attestation.host.HostKeyFile;
import io.runnel.attestation.host.HostKeyFiles;
import io.runnel.attestation.tls.UserContexts;
import io.runnel.exec.admin.AdminListener;
import io.runnel.exec.admin.AdminPage;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.ListenerSettings.PortSharing;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.http.UserTls;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.routing.journal.NodeMeters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The doors of a POP: {@code listen} for users, secured if the topology names certificates, and
 * {@code admin} for operators.
 */
final class PopListeners {
    private final Vertx vertx;
    private final PopFacts facts;
    private final Executor disk;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final Optional<UserContexts> users;
    private final HostKeyFiles certificates;

    /**
     * Reads the certificates that users are shown.
     *
     * @throws io.runnel.attestation.host.HostKeyException if one cannot be used
     */
    PopListeners(
            Vertx vertx,
            PopFacts facts,
            Executor disk,
            SecureRandom random,
            InstantSource clock,
            LongSupplier nanoClock) {
        this.vertx = vertx;
        this.facts = facts;
        this.disk = disk;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.certificates =
                new HostKeyFiles(
                        facts.pop().tls().stream()
                                .map(
                                        one ->
                                                new HostKeyFile(
                                                        Path.of(one.certificate()),
                                                        Path.of(one.key())))
                                .toList(),
                        clock);
        this.users =
                facts.pop().isSecured()
                        ? Optional.of(UserContexts.of(certificates::keys, random))
                        : Optional.empty();
    }

    /** Opens the users' door; waits until it is open. */
    NodeListener forUsers(PortSharing sharing, Consumer<Exchange> handler) {
        ListenerSettings settings =
                ListenerSettings.at(facts.pop().listen().host(), facts.pop().listen().port())
                        .withSharing(sharing);
        NodeListener opened =
                NodeListener.start(
                                vertx,
                                users.map(all -> settings.withSecurity(new UserTls(all::create)))
                                        .orElse(settings),
                                ids(),
                                nanoClock,
                                handler)
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
        if (users.isPresent()) {
            vertx.setPeriodic(
                    HostKeyFiles.LOOK_EVERY.toMillis(), tick -> disk.execute(certificates::look));
        }
        return opened;
    }

    /** Opens the operators' door. */
    Future<NodeListener> forOperators(TaskRunner runner, List<AdminPage> pages) {
        return AdminListener.start(
                vertx,
                facts.pop().admin().host(),
                facts.pop().admin().port(),
                facts.token(),
                runner,
                pages,
                disk,
                ids(),
                nanoClock);
    }

    /** Tells how long users believe what they are shown. */
    void watch(NodeMeters meters) {
        meters.gauge(
                "runnel.certificates.end.seconds",
                "How long until the first of the certificates ends that users are shown, if any is",
                certificates,
                files -> files.remaining().map(left -> (double) left.toSeconds()).orElse(NaN));
    }

    private RequestIds ids() {
        return new RequestIds(clock, ThreadLocalRandom::current);
    }
}
