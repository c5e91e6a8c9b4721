import { spawnSync } from 'node:child_process';
import type { CheckSpec } from '@devfactory/contracts';
import { type Toolchain, publicRegistries } from '@devfactory/kit';
import { goToolchain } from '@devfactory/toolchain-go';
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

const answers = (text: string): CheckSpec => ({
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

export const compiledProjects: readonly CompiledProject[] = [go];
