package io.runnel.region.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The command of which all others are parts. */
@Command(
        name = "runnel",
        mixinStandardHelpOptions = true,
        version = "runnel 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = "Runs and uses a network of regions and points of presence.",
        footer = {"", "The first steps: runnel up --samples, then what it prints."})
final class RunnelCommand {
    static final String HELP = "help";

    /**
     * All commands by their names, in the order in which people are shown them. Each is made when
     * it is asked for: to read the options of all of them takes a quarter of a second.
     */
    static Map<String, Supplier<Object>> commands(Shell shell) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("up", () -> new UpCommand(shell));
        commands.put("down", () -> new DownCommand(shell));
        commands.put("status", () -> new StatusCommand(shell));
        commands.put("explain", () -> new ExplainCommand(shell));
        commands.put("why", () -> new WhyCommand(shell));
        commands.put("access", () -> new AccessCommand(shell));
        commands.put("limits", () -> new LimitsCommand(shell));
        commands.put("start", () -> new StartCommand(shell));
        commands.put("stop", () -> new StopCommand(shell));
        commands.put("drain", () -> new DrainCommand(shell));
        commands.put("restart", () -> new RestartCommand(shell));
        commands.put("executions", () -> new ExecutionsCommand(shell));
        commands.put("migrate", () -> new MigrateCommand(shell));
        commands.put("deploy", () -> new DeployCommand(shell));
        commands.put("invoke", () -> new InvokeCommand(shell));
        commands.put("tasks", () -> new TasksCommand(shell));
        commands.put("images", () -> new ImagesCommand(shell));
        commands.put("logs", () -> new LogsCommand(shell));
        commands.put(
                "accounts",
                () ->
                        new CommandLine(new AccountsCommand(shell))
                                .addSubcommand(new NewAccount(shell))
                                .addSubcommand(new AccountQuotaCommand(shell))
                                .addSubcommand(new TrustCommands.Trust(shell))
                                .addSubcommand(new TrustCommands.Trusts(shell))
                                .addSubcommand(new TrustCommands.Untrust(shell))
                                .addSubcommand(new AccountStateCommand.Suspend(shell))
                                .addSubcommand(new AccountStateCommand.Resume(shell))
                                .addSubcommand(new AccountStateCommand.Close(shell)));
        commands.put(
                "keys",
                () ->
                        new CommandLine(new KeysCommand(shell))
                                .addSubcommand(new KeyExchangeCommand(shell)));
        commands.put("grants", () -> new GrantsCommand(shell));
        commands.put("agreements", () -> new AgreementsCommand(shell));
        commands.put(
                "aliases",
                () ->
                        new CommandLine(new AliasesCommand(shell))
                                .addSubcommand(new CallerAliasCommand(shell)));
        commands.put("schedules", () -> new SchedulesCommand(shell));
        commands.put(
                "apis",
                () ->
                        new CommandLine(new ApisCommand(shell))
                                .addSubcommand(new ApiWriteCommand.Create(shell))
                                .addSubcommand(new ApiWriteCommand.Update(shell))
                                .addSubcommand(new ApiExportCommand(shell))
                                .addSubcommand(new ApiTestCommand(shell)));
        commands.put("usage", () -> new UsageCommand(shell));
        commands.put("topology", () -> new TopologyCommand(shell));
        commands.put("pool", () -> new PoolCommand(shell));
        commands.put(
                "attest",
                () ->
                        new CommandLine(new AttestCommand(shell))
                                .addSubcommand("verify", new AttestVerifyCommand(shell))
                                .addSubcommand("root", new AttestRootCommand(shell))
                                .addSubcommand("token", new TokenCommand(shell))
                                .addSubcommand("revoke", new RevocationCommand.Revoke(shell))
                                .addSubcommand("readmit", new RevocationCommand.Readmit(shell))
                                .addSubcommand("revocations", new RevocationListCommand(shell))
                                .addSubcommand(
                                        "audit",
                                        new CommandLine(new AuditCommand(shell))
                                                .addSubcommand(new AuditVerifyCommand(shell))));
        commands.put("store", () -> new StoreCommand(shell));
        commands.put("chaos", () -> new LauncherCommand.Chaos());
        commands.put("doctor", () -> new LauncherCommand.Doctor());
        commands.put("verify", () -> new LauncherCommand.Verify());
        commands.put(HELP, () -> new CommandLine.HelpCommand());
        commands.put("supervise", () -> new SuperviseCommand(shell));
        commands.put("train", () -> new TrainCommand(shell));
        return commands;
    }
}
