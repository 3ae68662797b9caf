package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.LatencyNeed;
import io.runnel.exec.task.OutboundHost;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskOptions;
import io.runnel.region.cli.supervisor.DataFolder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Publishes a new version of a task. */
@Command(
        name = "deploy",
        mixinStandardHelpOptions = true,
        description = "Publishes a new version of a task, and waits until every node has it.")
final class DeployCommand implements Callable<Integer> {
    static final String DEFAULT_MEMORY = "64MiB";
    static final String DEFAULT_TIMEOUT = "10s";
    private static final String DEFAULT_LINUX_MEMORY = "128MiB";

    private final Shell shell;

    @Mixin private DataOption data;

    @Parameters(index = "0", paramLabel = "NAME", description = "the task's name")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description =
                    "its code: a module, or a package (zip); for linux a folder with a bootstrap,"
                            + " such a zip, or one program")
    private Path file = Path.of("");

    @Option(
            names = "--assets",
            paramLabel = "DIR",
            description = "a folder whose files the task finds at /, read-only")
    private Optional<Path> assets = Optional.empty();

    @Option(names = "--runtime", paramLabel = "KIND", description = "wasm (default), js or linux")
    private String runtime = RuntimeKind.WASM.label();

    @Option(
            names = "--handler",
            paramLabel = "KIND",
            description = "http (default; CGI), or event (default of linux; a payload in and out)")
    private Optional<String> handler = Optional.empty();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "of one call; 64MiB unless given, for linux 128MiB")
    private Optional<String> memory = Optional.empty();

    @Option(names = "--timeout", paramLabel = "TIME", description = "of one call; 10s unless given")
    private String timeout = DEFAULT_TIMEOUT;

    @Option(
            names = "--env",
            paramLabel = "NAME=VALUE",
            description = "a variable that the task sees; may be repeated")
    private Map<String, String> environment = new LinkedHashMap<>();

    @Option(
            names = "--secret",
            paramLabel = "NAME[=@FILE]",
            description =
                    "a variable that the task sees and nobody else: its value is that of the same"
                            + " variable here, or what the file holds, but for a last line's end;"
                            + " may be repeated")
    private List<String> secrets = List.of();

    @Option(
            names = "--reuse",
            description = "a call may find in memory what an earlier one of the same account left")
    private boolean reuse;

    @Option(
            names = "--fresh",
            description = "each call finds fresh memory; so it is unless --reuse, but for linux")
    private boolean fresh;

    @Option(
            names = "--coarse-clock",
            description = "its guests see clocks of 1 ms, too coarse to measure neighbours with")
    private boolean coarseClock;

    @Option(
            names = "--outbound",
            paramLabel = "HOST[:PORT]",
            description =
                    "where it may send requests or, if linux, connect, *.HOST for all names below;"
                            + " may be repeated; nowhere unless given")
    private List<String> outbound = List.of();

    @Option(
            names = "--latency",
            paramLabel = "NEED",
            description =
                    "normal unless given; urgent comes to POPs sooner, relaxed leaves full ones"
                            + " first")
    private String latency = LatencyNeed.NORMAL.label();

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            description =
                    "a device that it uses, and finds at /dev/DEVICE; it runs where that is; may be"
                            + " repeated")
    private List<String> devices = List.of();

    @Option(
            names = "--caller",
            paramLabel = "FACT=VALUE[,VALUE]",
            description =
                    "a fact that whoever calls it must show of itself by a document, and the values"
                            + " that it may have; may be repeated")
    private Map<String, String> callers = new LinkedHashMap<>();

    @Option(names = "--public", description = "anyone may call it, without a key")
    private boolean everyone;

    @Option(
            names = "--regions",
            split = ",",
            paramLabel = "REGION",
            description = "where alone it may run, with commas between")
    private List<String> regions = List.of();

    @Option(
            names = "--max-stale",
            paramLabel = "TIME",
            description = "how long POPs serve it while its home region cannot be reached")
    private Optional<String> maxStale = Optional.empty();

    @Option(
            names = "--canary",
            paramLabel = "PERCENT",
            description =
                    "the version that is live stays so, and this one gets some of the calls, as"
                            + " 5%%; it is rolled back if it fails more often")
    private Optional<String> canary = Optional.empty();

    @Option(
            names = "--sticky",
            paramLabel = "HEADER",
            description = "with --canary: calls with the same value of it go to the same version")
    private Optional<String> sticky = Optional.empty();

    @Option(names = "--no-wait", description = "do not wait until every node has it")
    private boolean noWait;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    DeployCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Release release = release();
        DataFolder folder = data.in(shell);
        Account account = Account.of(shell, folder);
        Publisher publisher = new Publisher(account.api());
        DeployReport report = new DeployReport(shell, json);
        report.begins(release);
        JsonNode version = publisher.publish(release);
        report.published(release, version);
        Rollout rollout =
                noWait
                        ? Rollout.NOT_WAITED_FOR
                        : publisher.awaitRollout(
                                release.task(), version.path("version").asInt(), report::reached);
        report.ends(version, rollout, Urls.ofTask(folder, account, release.task()));
        return rollout.isSettled() ? 0 : 1;
    }

    private Release release() {
        try {
            RuntimeKind kind =
                    RuntimeKind.ofLabel(runtime)
                            .orElseThrow(() -> unknown("--runtime", runtime, "wasm, js or linux"));
            boolean linux = kind == RuntimeKind.LINUX;
            String handledAs =
                    handler.orElse((linux ? HandlerKind.EVENT : HandlerKind.HTTP).label());
            ByteSize size =
                    ByteSize.parse(memory.orElse(linux ? DEFAULT_LINUX_MEMORY : DEFAULT_MEMORY));
            return new Release(
                    new TaskName(name),
                    code(linux),
                    kind,
                    HandlerKind.ofLabel(handledAs)
                            .orElseThrow(() -> unknown("--handler", handledAs, "http or event")),
                    size.toString(),
                    Durations.parse(timeout),
                    environment,
                    new SecretValues(shell).of(secrets),
                    new TaskOptions(
                            reuse(linux),
                            coarseClock,
                            outbound.stream().map(OutboundHost::parse).distinct().toList(),
                            LatencyNeed.parse(latency),
                            devices.stream().map(DeviceName::new).distinct().toList(),
                            Optional.empty(),
                            FactOptions.requirements(callers)),
                    everyone,
                    regions.stream().map(RegionId::new).toList(),
                    maxStale.map(Durations::parse),
                    share());
        } catch (IllegalArgumentException e) {
            throw CliException.usage(e.getMessage());
        }
    }

    private Reuse reuse(boolean linux) {
        if (reuse && fresh) {
            throw new IllegalArgumentException("--reuse and --fresh exclude each other");
        }
        return reuse || (linux && !fresh) ? Reuse.KEPT : Reuse.FRESH;
    }

    private Code code(boolean linux) {
        if (linux) {
            if (assets.isPresent()) {
                throw new IllegalArgumentException(
                        "--assets goes with a module; a linux task finds what is in its folder");
            }
            return Code.linux(file);
        }
        return assets.map(folder -> Code.packaged(file, folder)).orElseGet(() -> Code.read(file));
    }

    private Optional<CanaryShare> share() {
        if (canary.isEmpty() && sticky.isPresent()) {
            throw new IllegalArgumentException("--sticky goes with --canary");
        }
        return canary.map(text -> CanaryShare.parse(text, sticky));
    }

    private static IllegalArgumentException unknown(String option, String value, String known) {
        return new IllegalArgumentException(
                "%s is '%s', and must be %s".formatted(option, value, known));
    }
}
