package io.github.litestow.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Debian's Chromium, without a window, as a person with eyes, a keyboard or a screen reader uses it. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Set<String> KEEPS_PEOPLE_OUT = Set.of("serious", "critical");

    /** The pictures that the manual shows. */
    private static final Set<String> SHOWN = Set.of("page", "page-dark", "page-phone", "database");

    private final ChromeDriver driver;
    private final String address;

    private Browser(ChromeDriver driver, String address) {
        this.driver = driver;
        this.address = address;
    }

    /**
     * Starts one.
     *
     * @param address of the service
     * @param profile a folder for whatever it wants to keep
     * @param downloads the folder for what is downloaded
     */
    static Browser start(String address, Path profile, Path downloads) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(
                program("chromium", "chromium-browser", "google-chrome").toFile());
        options.setExperimentalOption("prefs", Map.of("download.default_directory", downloads.toString()));
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-extensions",
                "--disable-background-networking",
                "--no-first-run",
                "--lang=en-GB",
                "--hide-scrollbars",
                "--window-size=1200,900",
                "--user-data-dir=" + profile);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(program("chromedriver").toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options), address);
    }

    private static Path program(String... names) {
        Optional<Path> found = Stream.of(System.getenv("PATH").split(":"))
                .flatMap(folder -> Stream.of(names).map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        assertThat(found)
                .as(
                        "the page is tested in a browser, and %s is missing: `apt-get install chromium chromium-driver`, or"
                                + " `bash .ci/run`, which does that",
                        names[0])
                .isPresent();
        return found.get();
    }

    Browser open(String path) {
        driver.get(address + path);
        return this;
    }

    String address() {
        return driver.getCurrentUrl().substring(address.length());
    }

    String title() {
        return driver.getTitle();
    }

    /** Returns what a part of the page says, as it is shown, in one line; empty when it is not there. */
    String text(String selector) {
        try {
            return String.join(
                            " ", all(selector).stream().map(WebElement::getText).toList())
                    .replaceAll("\\s+", " ");
        } catch (StaleElementReferenceException e) {
            // Replaced in this moment.
            return "";
        }
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    /** Waits until a part of the page says something. */
    String await(String selector, Predicate<String> says) {
        String[] last = {""};
        try {
            new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50)).until(any -> {
                last[0] = text(selector);
                return says.test(last[0]);
            });
        } catch (TimeoutException e) {
            throw new AssertionError(selector + " says only: " + last[0] + "\n" + text("body"), e);
        }
        return last[0];
    }

    void click(String selector) {
        new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50))
                .ignoring(StaleElementReferenceException.class)
                .until(any -> {
                    List<WebElement> found = all(selector);
                    if (found.isEmpty() || !found.get(0).isDisplayed()) {
                        return false;
                    }
                    found.get(0).click();
                    return true;
                });
    }

    void type(String selector, String text) {
        WebElement field = all(selector).get(0);
        field.clear();
        field.sendKeys(text);
    }

    /** Presses keys wherever the focus is. */
    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** Goes on with the tabulator until something has the focus, as whoever has no mouse does. */
    void tabTo(String selector) {
        for (int i = 0; i < 60; i++) {
            if (Boolean.TRUE.equals(
                    driver.executeScript("return document.activeElement.matches(arguments[0])", selector))) {
                return;
            }
            press(Keys.TAB);
        }
        throw new AssertionError("the tabulator never comes to " + selector);
    }

    Object script(String code) {
        return driver.executeScript(code);
    }

    void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    void width(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    /** What keeps people out of what is shown now, by axe-core: rule and place. */
    // What is to replace this mode opens a window of its own for each look; our pages have no frames.
    @SuppressWarnings("deprecation")
    List<String> barriers() {
        List<Rule> violations =
                new AxeBuilder().setLegacyMode(true).analyze(driver).getViolations();
        return violations.stream()
                .filter(rule -> KEEPS_PEOPLE_OUT.contains(rule.getImpact()))
                .map(rule -> rule.getId() + " " + rule.getHelp() + ": " + rule.getNodes())
                .toList();
    }

    /** What the browser complained of, the page's own policy above all. */
    List<String> complaints() {
        return driver.manage().logs().get("browser").getAll().stream()
                .map(entry -> entry.getLevel() + " " + entry.getMessage())
                .filter(line -> line.contains("SEVERE") && !line.contains("status of 40"))
                .toList();
    }

    /** Writes a picture of the whole page when somebody asked for pictures. */
    void picture(String name) throws IOException {
        String folder = System.getProperty("litestow.test.pictures", "");
        if (!folder.isEmpty() && SHOWN.contains(name)) {
            Map<String, Object> whole = Map.of(
                    "x",
                    0,
                    "y",
                    0,
                    "width",
                    driver.executeScript("return innerWidth"),
                    "height",
                    driver.executeScript("return document.documentElement.scrollHeight"),
                    "scale",
                    1);
            Object data = driver.executeCdpCommand(
                            "Page.captureScreenshot",
                            Map.of("format", "png", "captureBeyondViewport", true, "clip", whole))
                    .get("data");
            Files.write(
                    Files.createDirectories(Path.of(folder)).resolve(name + ".png"),
                    Base64.getDecoder().decode(data.toString()));
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
