/**
 * Runs test classes by JUnit's own launcher, with everything off that a project could bring along by itself: engines, listeners, filters,
 * junit-platform.properties. Says for each test and each container that failed, behind a word that it read from stdin before any class of
 * the project was loaded: `WORD \t class asked for \t class#method \t outcome`, and `WORD \t end` when all of it is over.
 */
export const launcherSource = String.raw`
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.Scanner;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

public final class DevfactoryLauncher {
    public static void main(String[] names) throws Exception {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8");
        String word = new Scanner(System.in, "UTF-8").nextLine();
        for (String name : names) run(name, word, out);
        out.println("\n" + word + "\tend");
        Runtime.getRuntime().halt(0);
    }

    private static void run(String name, String word, PrintStream out) throws Exception {
        LauncherConfig config = LauncherConfig.builder()
            .enableTestEngineAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .enablePostDiscoveryFilterAutoRegistration(false)
            .enableTestExecutionListenerAutoRegistration(false)
            .addTestEngines(engine("jupiter.engine.JupiterTestEngine"), engine("vintage.engine.VintageTestEngine"))
            .build();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClass(name))
            .enableImplicitConfigurationParameters(false)
            .build();
        LauncherFactory.create(config).execute(request, new TestExecutionListener() {
            @Override public void executionSkipped(TestIdentifier id, String reason) {
                say(id, "skipped");
            }

            @Override public void executionFinished(TestIdentifier id, TestExecutionResult result) {
                result.getThrowable().ifPresent(error -> error.printStackTrace(out));
                TestExecutionResult.Status status = result.getStatus();
                boolean passed = status == TestExecutionResult.Status.SUCCESSFUL;
                if (id.isTest() || !passed)
                    say(id, passed ? "passed" : status == TestExecutionResult.Status.ABORTED ? "skipped" : "failed");
            }

            private void say(TestIdentifier id, String outcome) {
                TestSource source = id.getSource().orElse(null);
                String where = source instanceof MethodSource
                    ? ((MethodSource) source).getClassName() + "#" + ((MethodSource) source).getMethodName()
                    : source instanceof ClassSource ? ((ClassSource) source).getClassName() + "#" : name + "#";
                out.println("\n" + word + "\t" + name + "\t" + where + "\t" + outcome);
            }
        });
    }

    private static TestEngine engine(String name) throws Exception {
        return (TestEngine) Class.forName("org.junit." + name).getDeclaredConstructor().newInstance();
    }
}
`;
