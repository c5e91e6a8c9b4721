import { IssueQuery, IssuesFound } from '@devfactory/contracts';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/policy.ts';
import { Issues } from './issues.ts';

const Found = IssuesFound.meta({ id: 'IssuesFound' });

@ApiTags('exports')
@Controller('api/issues')
export class IssuesController {
  constructor(@Inject(Issues) private readonly issues: Issues) {}

  @Get()
  @Allow('person')
  @ApiOperation({
    summary: 'Issues of a GitHub repository, each as the requirement that it would be, its words marked as a quote.',
  })
  @ApiOkResponse({ standardSchema: Found })
  find(@Query({ schema: IssueQuery }) query: IssueQuery): Promise<IssuesFound> {
    return this.issues.find(query);
  }
}
