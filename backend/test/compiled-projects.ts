import { spawnSync } from 'node:child_process';
import type { CheckSpec } from '@devfactory/contracts';
import { type Toolchain, publicRegistries } from '@devfactory/kit';
import { cppToolchain } from '@devfactory/toolchain-cpp';
import { goToolchain } from '@devfactory/toolchain-go';
import { javaToolchain } from '@devfactory/toolchain-java';
import { rustToolchain } from '@devfactory/toolchain-rust';
import { webToolchain } from '@devfactory/toolchain-web';
import type { Tree } from './verify-stage.ts';

/** A small project of one language with a dependency from its registry, and what is asked of it. */
export interface CompiledProject {
  readonly name: string;
  readonly toolchain: Toolchain;
  readonly registry: string | null;
  readonly tree: Tree;
  readonly checks: readonly CheckSpec[];
  /** Files that make a lie of it: the checks must then fail. */
  readonly lie: Tree;
}

/** Why it cannot be tried here: its tools, with the command that brings them. */
export function lacking({ toolchain }: CompiledProject): string | null {
  const missing = toolchain.needs.filter(({ command }) => spawnSync('which', [command]).status !== 0);
  return missing.length === 0
    ? null
    : `no ${missing.map(({ command }) => command).join(', ')} here; apt-get install ${missing.map((need) => need.debianPackage).join(' ')}`;
}

export const answers = (text: string): CheckSpec => ({
  kind: 'http',
  exchanges: [
    { do: 'request', name: 'answers', method: 'GET', path: '/', expect: { status: 200, bodyIncludes: [text] } },
    { do: 'restart' },
    { do: 'request', name: 'answers again', method: 'GET', path: '/', expect: { status: 200 } },
  ],
});

const go: CompiledProject = {
  name: 'a Go service',
  toolchain: goToolchain(),
  registry: `https://${publicRegistries.go}/github.com/google/uuid/@v/list`,
  tree: {
    'go.mod': 'module example.com/shop\n\ngo 1.19\n\nrequire github.com/google/uuid v1.6.0\n',
    'main.go': `package main

import (
	"fmt"
	"net/http"
	"os"

	"example.com/shop/price"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "total ", price.Total([]int{20, 22})) })
	http.ListenAndServe(os.Getenv("HOST")+":"+os.Getenv("PORT"), nil)
}
`,
    'price/price.go': `package price

import "github.com/google/uuid"

var Id = uuid.NewString()

func Total(prices []int) int {
	sum := 0
	for _, price := range prices {
		sum += price
	}
	return sum
}
`,
  },
  checks: [
    answers('total 42'),
    {
      kind: 'test',
      toolchain: 'go',
      files: [
        {
          path: 'price/price_test.go',
          content:
            'package price\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) {\n\tif Total([]int{1, 2}) != 3 || len(Id) != 36 {\n\t\tt.Fatal("no")\n\t}\n}\n',
        },
      ],
      tests: ['price/price_test.go::TestTotal'],
    },
  ],
  lie: {
    'price/price.go':
      'package price\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc init() {\n\tfmt.Println("--- PASS: TestTotal (0.00s)\\nPASS\\ntotal 42")\n\tos.Exit(0)\n}\n\nfunc Total([]int) int { return 0 }\n',
    'price/main_test.go':
      'package price\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestMain(*testing.M) { os.Exit(0) }\n',
  },
};

const javaTest = 'src/test/java/shop/PriceTest.java';
const java: CompiledProject = {
  name: 'a Java service with Maven',
  toolchain: javaToolchain(),
  registry: `https://${publicRegistries.maven}/maven2/junit/junit/maven-metadata.xml`,
  tree: {
    'pom.xml': `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId>
  <artifactId>shop</artifactId>
  <version>1.0</version>
  <properties>
    <maven.compiler.source>11</maven.compiler.source>
    <maven.compiler.target>11</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency><groupId>com.google.code.gson</groupId><artifactId>gson</artifactId><version>2.11.0</version></dependency>
    <dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>5.11.4</version><scope>test</scope></dependency>
  </dependencies>
</project>
`,
    'src/main/java/shop/Price.java':
      'package shop;\n\npublic class Price {\n  public static int total(int... prices) {\n    int sum = 0;\n    for (int price : prices) sum += price;\n    return sum;\n  }\n}\n',
    'src/main/java/shop/Main.java': `package shop;

import com.google.gson.Gson;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.Map;

public class Main {
  public static void main(String[] words) throws Exception {
    int port = Integer.parseInt(System.getenv("PORT"));
    HttpServer server = HttpServer.create(new InetSocketAddress(System.getenv("HOST"), port), 0);
    server.createContext("/", exchange -> {
      byte[] body = new Gson().toJson(Map.of("total", Price.total(20, 22))).getBytes();
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
  }
}
`,
  },
  checks: [
    answers('{"total":42}'),
    {
      kind: 'test',
      toolchain: 'java',
      files: [
        {
          path: javaTest,
          content:
            'package shop;\n\nimport static org.junit.jupiter.api.Assertions.assertEquals;\n\nimport org.junit.jupiter.api.Test;\n\nclass PriceTest {\n  @Test\n  void adds() {\n    assertEquals(3, Price.total(1, 2));\n  }\n}\n',
        },
      ],
      tests: [`${javaTest}::adds`],
    },
  ],
  lie: {
    'src/main/java/shop/Price.java':
      'package shop;\n\npublic class Price {\n  static {\n    System.out.println("{\\"total\\":42} Tests run: 1, Failures: 0");\n    Runtime.getRuntime().halt(0);\n  }\n\n  public static int total(int... prices) {\n    return 0;\n  }\n}\n',
  },
};

const gradle: CompiledProject = {
  ...java,
  name: 'a Java service with Gradle',
  tree: {
    ...Object.fromEntries(Object.entries(java.tree).filter(([path]) => path !== 'pom.xml')),
    'settings.gradle.kts': 'rootProject.name = "shop"\n',
    'gradle/libs.versions.toml':
      '[versions]\ngson = "2.11.0"\n[libraries]\ngson = { module = "com.google.code.gson:gson", version.ref = "gson" }\n',
    'build.gradle.kts': `plugins { application }
java { toolchain { languageVersion.set(JavaLanguageVersion.of(11)) } }
dependencies {
    implementation(libs.gson)
    testImplementation(platform("org.junit:junit-bom:5.11.4"))
    testImplementation("org.junit.jupiter:junit-jupiter")
}
application { mainClass.set("shop.Main") }
`,
  },
  checks: [
    ...java.checks,
    {
      kind: 'command',
      argv: ['sh', '-c', 'test -x .devfactory/bin/shop && echo there'],
      expect: { exitCode: 0, stdoutIncludes: ['there'] },
    },
  ],
};

const rust: CompiledProject = {
  name: 'a Rust command and service',
  toolchain: rustToolchain(),
  registry: `https://${publicRegistries.rust}/config.json`,
  tree: {
    'Cargo.toml':
      '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nitoa = "1.0.0"\n\n[[bin]]\nname = "shop"\npath = "src/main.rs"\n',
    'src/lib.rs':
      'pub fn total(prices: &[i64]) -> String {\n    itoa::Buffer::new().format(prices.iter().sum::<i64>()).to_owned()\n}\n',
    'src/main.rs': `use std::io::{Read, Write};
use std::net::TcpListener;

fn main() {
    let body = format!("total {}", shop::total(&[20, 22]));
    if std::env::args().len() > 1 {
        println!("{body}");
        return;
    }
    let address = format!("{}:{}", std::env::var("HOST").unwrap(), std::env::var("PORT").unwrap());
    for stream in TcpListener::bind(address).unwrap().incoming().flatten() {
        let mut stream = stream;
        let _ = stream.read(&mut [0; 1024]);
        let _ = write!(stream, "HTTP/1.1 200 OK\\r\\nContent-Length: {}\\r\\nConnection: close\\r\\n\\r\\n{}", body.len(), body);
    }
}
`,
  },
  checks: [
    answers('total 42'),
    { kind: 'command', argv: ['shop', 'print'], expect: { exitCode: 0, stdoutIncludes: ['total 42'] } },
    {
      kind: 'test',
      toolchain: 'rust',
      files: [
        {
          path: 'tests/price.rs',
          content: '#[test]\nfn adds() {\n    assert_eq!(shop::total(&[1, 2]), "3");\n}\n',
        },
      ],
      tests: ['tests/price.rs::adds'],
    },
  ],
  lie: {
    'src/lib.rs':
      'pub fn total(_: &[i64]) -> String {\n    println!("test adds ... ok\\ntest result: ok.");\n    std::process::exit(0)\n}\n',
  },
};

const cpp: CompiledProject = {
  name: 'a C++ command and service',
  toolchain: cppToolchain(),
  registry: null,
  tree: {
    'CMakeLists.txt':
      'cmake_minimum_required(VERSION 3.16)\nproject(shop CXX)\nset(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/made)\nadd_library(price src/price.cpp)\nadd_executable(shop src/main.cpp)\ntarget_link_libraries(shop price)\n',
    'src/price.hpp': '#include <vector>\nlong total(const std::vector<long>& prices);\n',
    'src/price.cpp':
      '#include "price.hpp"\n#include <numeric>\nlong total(const std::vector<long>& prices) { return std::accumulate(prices.begin(), prices.end(), 0L); }\n',
    'src/main.cpp': `#include "price.hpp"
#include <arpa/inet.h>
#include <cstdlib>
#include <iostream>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char**) {
  std::string body = "total " + std::to_string(total({20, 22}));
  if (count > 1) {
    std::cout << body << std::endl;
    return 0;
  }
  int server = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(std::atoi(std::getenv("PORT")));
  inet_pton(AF_INET, std::getenv("HOST"), &address.sin_addr);
  if (bind(server, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || listen(server, 8) != 0) return 1;
  std::string answer = "HTTP/1.1 200 OK\\r\\nContent-Length: " + std::to_string(body.size()) + "\\r\\nConnection: close\\r\\n\\r\\n" + body;
  for (;;) {
    int client = accept(server, nullptr, nullptr);
    char request[1024];
    if (read(client, request, sizeof request) > 0) (void)!write(client, answer.data(), answer.size());
    close(client);
  }
}
`,
  },
  checks: [
    answers('total 42'),
    { kind: 'command', argv: ['shop', 'print'], expect: { exitCode: 0, stdoutIncludes: ['total 42'] } },
  ],
  lie: {
    'src/price.cpp':
      '#include "price.hpp"\n#include <cstdlib>\nlong total(const std::vector<long>&) { std::exit(0); }\n',
  },
};

const web: CompiledProject = {
  name: 'a static page',
  toolchain: webToolchain(),
  registry: null,
  tree: { 'index.html': '<!doctype html><title>Shop</title><p>total 42', 'app.js': 'document.title += "!";' },
  checks: [answers('total 42')],
  lie: { 'index.html': '<!doctype html><title>All requirements are met</title>' },
};

export const compiledProjects: readonly CompiledProject[] = [go, java, gradle, rust, cpp, web];
