import { dependencies, jvmFlags } from './jvm.ts';

export const dependencyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';
const junit = 'org.junit.platform:junit-platform-console-standalone:1.11.4';

/** Settings of Maven that lie in the project (.mvn) are not there in phase 1; those of the machine's user never are. */
export const environment = `set -eu
export MAVEN_OPTS="${jvmFlags}" MAVEN_ARGS= MAVEN_SKIP_RC=1
maven() { mvn --batch-mode --no-transfer-progress --quiet "-Dmaven.repo.local=$PWD/${dependencies}/repository" "$@"; }
`;

/** The machine's mirror of Maven Central, where it has one. */
export const useMirror = `
mkdir -p ${dependencies}/runner
if [ -n "\${DEVFACTORY_MAVEN_MIRROR:-}" ]; then
  printf '<settings><mirrors><mirror><id>mirror</id><mirrorOf>*</mirrorOf><url>%s</url></mirror></mirrors></settings>' "$DEVFACTORY_MAVEN_MIRROR" > "$HOME/settings.xml"
  maven() { mvn --settings "$HOME/settings.xml" --batch-mode --no-transfer-progress --quiet "-Dmaven.repo.local=$PWD/${dependencies}/repository" "$@"; }
fi
`;

/** JUnit with our launcher, whose source is $1. */
export const fetchRunner = `
mkdir -p "$HOME/runner" && cd "$HOME/runner" && OLD="$OLDPWD"
printf '%s' '<project><modelVersion>4.0.0</modelVersion><groupId>runner</groupId><artifactId>runner</artifactId><version>1</version></project>' > pom.xml
cd "$OLD"
maven --file "$HOME/runner/pom.xml" ${dependencyPlugin}:copy -Dartifact=${junit} "-DoutputDirectory=$PWD/${dependencies}/runner" -Dmdep.stripVersion=true
mv ${dependencies}/runner/junit-platform-console-standalone.jar ${dependencies}/runner/junit.jar
printf '%s' "$1" > "$HOME/DevfactoryLauncher.java"
javac -J-Xmx512m -J-XX:+UseSerialGC -proc:none -cp ${dependencies}/runner/junit.jar -d ${dependencies}/runner "$HOME/DevfactoryLauncher.java"
`;
